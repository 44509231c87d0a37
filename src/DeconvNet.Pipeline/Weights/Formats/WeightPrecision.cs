namespace DeconvNet.Weights.Formats;

/// <summary>Precision in which weights are stored.</summary>
public enum WeightPrecision
{
    /// <summary>32 bits per value, lossless.</summary>
    Full,

    /// <summary>16 bits per value: half the size, 11 significant bits, up to ±65504.</summary>
    Half,
}
