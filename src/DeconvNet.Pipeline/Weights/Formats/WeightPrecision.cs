namespace DeconvNet.Weights.Formats;

/// <summary>How precisely weights are stored.</summary>
public enum WeightPrecision
{
    /// <summary>32 bits a value: nothing is lost.</summary>
    Full,

    /// <summary>16 bits a value: half the size, 11 significant bits, up to ±65504.</summary>
    Half,
}
