namespace DeconvNet.OnnxRuntime.Calibration;

/// <summary>How the range that 8 bits cover is chosen from the values that a layer put out.</summary>
public enum RangeRule
{
    /// <summary>Up to the largest value seen.</summary>
    Largest,

    /// <summary>Up to a percentile of the values above zero (<see cref="Int8Options.Percentile"/>).</summary>
    Percentile,

    /// <summary>
    /// The range that loses least information: the Kullback–Leibler divergence between the values and their rounded form is least (Migacz: 8-bit Inference with
    /// TensorRT, GTC 2017).
    /// </summary>
    Entropy,
}
