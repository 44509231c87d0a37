namespace DeconvNet.Runtime;

/// <summary>What a test at start-up found of the convolutions that oneDNN, a part of libtorch, computes on the CPU.</summary>
public enum ConvolutionState
{
    /// <summary>Nothing, since libtorch does not run.</summary>
    Unknown,

    /// <summary>They are right.</summary>
    Right,

    /// <summary>
    /// They are wrong where numbers of channels are not multiples of 16. DeconvNet's networks add channels of zeros and are right; so are other networks while
    /// a <c>TorchCropScorer</c> runs them. Elsewhere they are wrong as long as <see cref="TorchRuntimeReport.IsOneDnnOn"/>.
    /// </summary>
    RightWhenPadded,

    /// <summary>They are wrong in other cases too, so that oneDNN was turned off for the whole process: all networks are right, and slower.</summary>
    Wrong,
}
