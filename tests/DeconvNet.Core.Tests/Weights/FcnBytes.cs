using DeconvNet.Architecture;
using static DeconvNet.Tests.Weights.CaffemodelBytes;

namespace DeconvNet.Tests.Weights;

/// <summary>The FCNs of Long et al. as caffemodels, with the layers of their published prototxts.</summary>
internal static class FcnBytes
{
    private const int Classes = 21;

    /// <summary>FCN-8s in the form that the authors publish now: <c>score_fr</c>, <c>upscore2</c>, <c>score_pool4</c>, <c>fuse_pool4</c> …, layers in the new form.</summary>
    public static byte[] EightStride(IReadOnlyList<LayerSpec> rows) =>
    [
        .. Text(1, "fcn8s"),
        .. Encoder(rows),
        .. Score("score_fr", ChannelsOf(rows, "fc7")),
        .. Upsampling("upscore2", 4),
        .. Score("score_pool4", ChannelsOf(rows, "conv4_3")),
        .. New("score_pool4c", "Crop"),
        .. New("fuse_pool4", "Eltwise"),
        .. Upsampling("upscore_pool4", 4),
        .. Score("score_pool3", ChannelsOf(rows, "conv3_3")),
        .. New("score_pool3c", "Crop"),
        .. New("fuse_pool3", "Eltwise"),
        .. Upsampling("upscore8", 16),
        .. New("score", "Crop"),
    ];

    /// <summary>FCN-32s: one score layer and one upsampling.</summary>
    public static byte[] ThirtyTwoStride(IReadOnlyList<LayerSpec> rows) =>
        [.. Text(1, "fcn32s"), .. Encoder(rows), .. Score("score_fr", ChannelsOf(rows, "fc7")), .. Upsampling("upscore", 64), .. New("score", "Crop")];

    /// <summary>FCN-8s in the old form of layers, in which names repeat: <c>crop</c> three times, <c>fuse</c> twice.</summary>
    public static byte[] RepeatedNames(IReadOnlyList<LayerSpec> rows) =>
    [
        .. VggBytes.Caffemodel(rows),
        .. Old("score-fr"),
        .. new[] { "crop", "fuse", "crop", "fuse", "crop" }.SelectMany(name => Bytes(2, Text(4, name), Number(5, 25))),
    ];

    private static IEnumerable<byte> Encoder(IReadOnlyList<LayerSpec> rows) => rows.Where(row => row.Kind == LayerKind.Convolution).SelectMany(row =>
        New(row.Name, "Convolution", Blob(VggBytes.Kernel(row), row.WeightShape), Blob(VggBytes.Bias(row), [row.OutChannels]))
            .Concat(New(row.Name.Replace("conv", "relu", StringComparison.Ordinal), "ReLU")));

    private static byte[] Score(string name, int channels) => New(name, "Convolution", Blob(new float[Classes * channels], [Classes, channels, 1, 1]), Blob(new float[Classes], [Classes]));

    private static byte[] Upsampling(string name, int side) => New(name, "Deconvolution", Blob(new float[Classes * Classes * side * side], [Classes, Classes, side, side]));

    private static byte[] Old(string name) => Bytes(2, Text(4, name), Number(5, 4), Bytes(6, Bytes(7, Bytes(1, Varint(1))), Floats(5, 1)));

    private static int ChannelsOf(IReadOnlyList<LayerSpec> rows, string name) => rows.Single(row => row.Name == name).OutChannels;
}
