namespace DeconvNet.OnnxRuntime.Calibration;

/// <summary>How the quantization range is chosen from the activations of a layer.</summary>
public enum RangeRule
{
    /// <summary>The largest value seen.</summary>
    Largest,

    /// <summary>A percentile of the positive values (<see cref="Int8Options.Percentile"/>).</summary>
    Percentile,

    /// <summary>
    /// The range with the smallest Kullback–Leibler divergence between the values and their quantized form (Migacz: 8-bit Inference with
    /// TensorRT, GTC 2017).
    /// </summary>
    Entropy,
}
