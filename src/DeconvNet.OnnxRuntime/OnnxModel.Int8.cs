using DeconvNet.Imaging;
using DeconvNet.OnnxRuntime.Calibration;
using DeconvNet.OnnxRuntime.Graphs;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

namespace DeconvNet.OnnxRuntime;

public sealed partial class OnnxModel
{
    /// <summary>
    /// Segments photos in 32-bit floats, with the recipe that the weights say, and counts what the layers put out. <see cref="ExportInt8(TrainedWeights, ActivationHistograms, string, Int8Options, WeightsInfo)"/>
    /// chooses ranges from it. Take some dozens of photos like those to come.
    /// </summary>
    /// <param name="weights">The weights.</param>
    /// <param name="photos">The files of the photos, at least one.</param>
    /// <param name="engine">How the network runs; <see cref="OnnxEngineOptions.Default"/> if omitted.</param>
    /// <param name="progress">Told after each photo.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="ArgumentException">There are no photos, or an option is out of range.</exception>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The weights are damaged, for another network or not finite, or a file is not a photo.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime does not run here.</exception>
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
    /// Writes the network as <see cref="Export(TrainedWeights, string, WeightsInfo)"/> does, with the outputs of layers in 8 bits and kernels in 8 bits or fewer, each output channel with a scale of its
    /// own (<c>QuantizeLinear</c> and <c>DequantizeLinear</c> around each layer). The first layer and those of scores stay in 32-bit floats. <see cref="Load(string, OnnxEngineOptions)"/> reads it.
    /// </summary>
    /// <param name="weights">The weights.</param>
    /// <param name="histograms">What <see cref="Calibrate"/> counted for the same network.</param>
    /// <param name="path">The file; an existing one is replaced. It is compressed by gzip if its name ends in <c>.gz</c>.</param>
    /// <param name="options">How it is rounded; <see cref="Int8Options.Default"/> if omitted.</param>
    /// <param name="info">Origin, license, figures and use; what the weights say if omitted.</param>
    /// <exception cref="InvalidDataException">The weights are damaged, or for another network.</exception>
    /// <exception cref="ArgumentException">The histograms are those of another network, the options name a layer that it does not have, an option is out of range, or a metric is not finite.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void ExportInt8(TrainedWeights weights, ActivationHistograms histograms, string path, Int8Options? options = null, WeightsInfo? info = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(histograms);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var folded = new FoldedWeights(weights);
        Export(folded, Plan(histograms, options ?? Int8Options.Default), path, info);
    }

    /// <summary>Writes the network with 8 bits to a stream, as to a file.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="histograms">What <see cref="Calibrate"/> counted for the same network.</param>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="options">How it is rounded; <see cref="Int8Options.Default"/> if omitted.</param>
    /// <param name="info">Origin, license, figures and use; what the weights say if omitted.</param>
    /// <exception cref="InvalidDataException">The weights are damaged, or for another network.</exception>
    /// <exception cref="ArgumentException">The histograms are those of another network, the options name a layer that it does not have, an option is out of range, or a metric is not finite.</exception>
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
