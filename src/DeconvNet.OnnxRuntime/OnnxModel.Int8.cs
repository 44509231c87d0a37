using DeconvNet.Imaging;
using DeconvNet.OnnxRuntime.Calibration;
using DeconvNet.OnnxRuntime.Graphs;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

namespace DeconvNet.OnnxRuntime;

public sealed partial class OnnxModel
{
    /// <summary>
    /// Calibrates quantization: segments photos in 32-bit floating point, with the recipe of the weights, and collects histograms of activations for <see cref="ExportInt8(TrainedWeights, ActivationHistograms, string, Int8Options, WeightsInfo)"/>.
    /// A few dozen representative photos are enough.
    /// </summary>
    /// <param name="weights">The weights.</param>
    /// <param name="photos">Paths of the photos, at least one.</param>
    /// <param name="engine">The engine options; <see cref="OnnxEngineOptions.Default"/> if omitted.</param>
    /// <param name="progress">Reports each finished photo.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="ArgumentException">There are no photos, or an option is out of range.</exception>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The weights are damaged or for a different kind of network, an activation is not finite, or a file is not a photo.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime cannot be loaded.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static ActivationHistograms Calibrate(
        TrainedWeights weights, IReadOnlyList<string> photos, OnnxEngineOptions? engine = null, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(photos);
        if (photos.Count == 0)
            throw new ArgumentException("There are no photos; at least one is needed.", nameof(photos));
        (engine ?? OnnxEngineOptions.Default).Validate();

        var scorer = new CalibrationScorer(weights, engine ?? OnnxEngineOptions.Default);
        using ISegmenter segmenter = scorer.InputSize is null ? new FcnSegmenter(scorer) : new ProposalSegmenter(scorer);
        for (var i = 0; i < photos.Count; i++)
        {
            segmenter.Segment(RgbImage.Load(photos[i]), cancellationToken: cancellationToken);
            progress?.Report(new WorkProgress(i + 1, photos.Count));
        }

        return new ActivationHistograms(scorer.Histograms);
    }

    /// <summary>
    /// Exports the network like <see cref="Export(TrainedWeights, string, WeightsInfo)"/>, quantized to 8-bit activations and weights of at most 8 bits with one scale per output channel
    /// (<c>QuantizeLinear</c> and <c>DequantizeLinear</c> around each layer). The first layer and score layers stay in 32-bit floating point.
    /// </summary>
    /// <param name="weights">The weights.</param>
    /// <param name="histograms">The result of <see cref="Calibrate"/> for the same network.</param>
    /// <param name="path">The file; an existing one is replaced. It is compressed with gzip if its name ends in <c>.gz</c>.</param>
    /// <param name="options">The quantization options; <see cref="Int8Options.Default"/> if omitted.</param>
    /// <param name="info">Information to store; that of the weights if omitted.</param>
    /// <exception cref="InvalidDataException">The weights are damaged, or for a different kind of network.</exception>
    /// <exception cref="ArgumentException">The histograms are for a different network, the options name an unknown layer, an option is out of range, or a metric is not finite.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void ExportInt8(TrainedWeights weights, ActivationHistograms histograms, string path, Int8Options? options = null, WeightsInfo? info = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(histograms);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var folded = new FoldedWeights(weights);
        Export(folded, Plan(histograms, options ?? Int8Options.Default), path, info);
    }

    /// <summary>Exports the quantized network to a stream.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="histograms">The result of <see cref="Calibrate"/> for the same network.</param>
    /// <param name="stream">The stream; it is left open.</param>
    /// <param name="options">The quantization options; <see cref="Int8Options.Default"/> if omitted.</param>
    /// <param name="info">Information to store; that of the weights if omitted.</param>
    /// <exception cref="InvalidDataException">The weights are damaged, or for a different kind of network.</exception>
    /// <exception cref="ArgumentException">The histograms are for a different network, the options name an unknown layer, an option is out of range, or a metric is not finite.</exception>
    public static void ExportInt8(TrainedWeights weights, ActivationHistograms histograms, Stream stream, Int8Options? options = null, WeightsInfo? info = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(histograms);
        ArgumentNullException.ThrowIfNull(stream);
        using var folded = new FoldedWeights(weights);
        Export(folded, Plan(histograms, options ?? Int8Options.Default), stream, info);
    }

    private static Int8Plan Plan(ActivationHistograms histograms, Int8Options options)
    {
        options.Validate();
        if (options.FloatLayers.Except(histograms.Layers).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"Int8Options.FloatLayers names '{unknown}'; expected some of {string.Join(", ", histograms.Layers)}.", nameof(options));
        return new Int8Plan(
            histograms.Layers.ToDictionary(layer => layer, layer => histograms.RangeOf(layer, options)), options.FloatLayers.ToHashSet(), Limit(options.WeightBits), Limit(options.FullyConnectedWeightBits));

        static int Limit(int bits) => (1 << (bits - 1)) - 1;
    }
}
