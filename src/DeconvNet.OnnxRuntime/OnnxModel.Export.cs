using System.IO.Compression;
using DeconvNet.Imaging;
using DeconvNet.OnnxRuntime.Graphs;
using DeconvNet.Weights;

namespace DeconvNet.OnnxRuntime;

public sealed partial class OnnxModel
{
    private const string PaletteKey = "deconvnet.palette";

    /// <summary>
    /// Exports the network to <c>.onnx</c> (opset 17): input <c>input</c> <c>[N, 3, H, W]</c>, preprocessed; output <c>logits</c> <c>[N, classes, H, W]</c>. H and W are fixed for
    /// a DeconvNet and variable for an FCN. Batch norm is folded. The metadata makes the file self-contained: network, class names, colors, preprocessing, working size, recipe, origin, license.
    /// Equal weights give equal bytes. The file is written atomically.
    /// </summary>
    /// <param name="weights">The weights.</param>
    /// <param name="path">The file; an existing one is replaced. It is compressed with gzip if its name ends in <c>.gz</c>.</param>
    /// <param name="info">Information to store; that of the weights if omitted.</param>
    /// <exception cref="InvalidDataException">The weights are damaged, or for a different kind of network.</exception>
    /// <exception cref="ArgumentException">The network takes 2 GB or more, a metric is not finite, or an inference setting is out of range.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Export(TrainedWeights weights, string path, WeightsInfo? info = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var folded = new FoldedWeights(weights);
        Export(folded, plan: null, path, info);
    }

    /// <summary>Exports the network to a stream.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="stream">The stream; it is left open.</param>
    /// <param name="info">Information to store; that of the weights if omitted.</param>
    /// <exception cref="InvalidDataException">The weights are damaged, or for a different kind of network.</exception>
    /// <exception cref="ArgumentException">The network takes 2 GB or more, a metric is not finite, or an inference setting is out of range.</exception>
    public static void Export(TrainedWeights weights, Stream stream, WeightsInfo? info = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(stream);
        using var folded = new FoldedWeights(weights);
        Export(folded, plan: null, stream, info);
    }

    private static void Export(FoldedWeights weights, Int8Plan? plan, string path, WeightsInfo? info) => AtomicFile.Write(path, stream =>
    {
        if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            Export(weights, plan, stream, info);
            return;
        }

        using var gzip = new GZipStream(stream, CompressionLevel.SmallestSize, leaveOpen: true);
        Export(weights, plan, gzip, info);
    });

    private static void Export(FoldedWeights weights, Int8Plan? plan, Stream stream, WeightsInfo? info)
    {
        info ??= weights.Info;
        var metadata = WeightsMetadata.Write(weights.Options, weights.ClassNames, info);
        metadata.Add(PaletteKey, string.Join(' ', Enumerable.Range(0, weights.ClassNames.Count).Select(id => Hex(VocPalette.Color((byte)id)))));
        NetworkGraph.Of(weights, plan).WriteTo(stream, info.Name ?? "network", metadata);
    }

    private static string Hex(Rgb color) => $"#{color.R:x2}{color.G:x2}{color.B:x2}";
}
