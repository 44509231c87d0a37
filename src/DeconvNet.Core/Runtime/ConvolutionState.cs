namespace DeconvNet.Runtime;

/// <summary>Result of the start-up test of oneDNN, which computes convolutions on the CPU in libtorch.</summary>
public enum ConvolutionState
{
    /// <summary>Not tested, since libtorch cannot be loaded.</summary>
    Unknown,

    /// <summary>Convolutions are correct.</summary>
    Correct,

    /// <summary>
    /// Convolutions are wrong if the number of channels is not a multiple of 16. DeconvNet's networks zero-pad channels and are correct, and so are other networks that
    /// a <see cref="Engine.TorchScorer"/> runs. All others are wrong as long as <see cref="TorchRuntimeReport.IsOneDnnOn"/>.
    /// </summary>
    CorrectWhenPadded,

    /// <summary>Convolutions are wrong in other cases too, so oneDNN was disabled for the whole process: all networks are correct, but slower.</summary>
    Wrong,
}
