namespace DeconvNet.OnnxRuntime.Calibration;

/// <summary>
/// Histograms of the activations of a network on calibration photos, from which quantization ranges are chosen. Created by <see cref="OnnxModel.Calibrate"/>. Thread-safe.
/// </summary>
public sealed class ActivationHistograms
{
    private readonly Dictionary<string, Histogram> layers;

    internal ActivationHistograms(Dictionary<string, Histogram> layers) => this.layers = layers;

    /// <summary>Names of the layers with ReLU, as in the layer table.</summary>
    public IReadOnlyCollection<string> Layers => layers.Keys;

    /// <summary>The activation that maps to the largest 8-bit value; 1 for a layer whose output is all zeros.</summary>
    /// <param name="layer">One of <see cref="Layers"/>.</param>
    /// <param name="options">How the range is chosen; <see cref="Int8Options.Default"/> if omitted.</param>
    /// <exception cref="ArgumentException">The layer does not exist, or an option is out of range.</exception>
    public float RangeOf(string layer, Int8Options? options = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        options ??= Int8Options.Default;
        options.Validate();
        return layers.TryGetValue(layer, out var histogram)
            ? HistogramRange.Of(histogram, options)
            : throw new ArgumentException($"There is no layer '{layer}'; expected one of {string.Join(", ", Layers)}.", nameof(layer));
    }
}
