namespace DeconvNet.OnnxRuntime.Calibration;

/// <summary>
/// What the layers of a network put out on some photos, counted in bins: the ranges of 8 bits are chosen from it. <see cref="OnnxModel.Calibrate"/> makes it. Thread-safe.
/// </summary>
public sealed class ActivationHistograms
{
    private readonly Dictionary<string, Histogram> layers;

    internal ActivationHistograms(Dictionary<string, Histogram> layers) => this.layers = layers;

    /// <summary>The layers with ReLU, by the names of the layer table.</summary>
    public IReadOnlyCollection<string> Layers => layers.Keys;

    /// <summary>The value of a layer's output that becomes the largest byte; 1 for a layer that put out nothing but zeros.</summary>
    /// <param name="layer">One of <see cref="Layers"/>.</param>
    /// <param name="options">How it is chosen; <see cref="Int8Options.Default"/> if omitted.</param>
    /// <exception cref="ArgumentException">There is no such layer, or an option is out of range.</exception>
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
