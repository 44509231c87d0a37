using System.IO.Compression;
using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Training;

/// <summary>
/// What the authors' Caffe computed in training, and the network that it trained: two blocks of the published pattern, 64 bits.
/// The arrays of the repository are thinned; where the shared reference data is, all values can be compared.
/// </summary>
internal sealed class CaffeTraining(string source) : IDisposable
{
    public const string Repository = "thinned";
    public const string Shared = "whole";

    private static readonly LayerSpec[] Rows =
    [
        new("conv1_1", LayerKind.Convolution, 3, 4, 3, 1, 32, "bn1_1", HasBias: true),
        new("pool1", LayerKind.Pooling, 4, 4, 2, 0, 16),
        new("conv2_1", LayerKind.Convolution, 4, 6, 3, 1, 16, "bn2_1", HasBias: true),
        new("pool2", LayerKind.Pooling, 6, 6, 2, 0, 8),
        new("fc6", LayerKind.Convolution, 6, 10, 8, 0, 1, "bnfc6", HasBias: true),
        new("fc7", LayerKind.Convolution, 10, 8, 1, 0, 1, "bnfc7", HasBias: true),
        new("fc6-deconv", LayerKind.Deconvolution, 8, 6, 8, 0, 8, "fc6-deconv-bn", HasBias: true),
        new("unpool2", LayerKind.Unpooling, 6, 6, 2, 0, 16, Switches: "pool2"),
        new("deconv2_1", LayerKind.Deconvolution, 6, 4, 3, 1, 16, "debn2_1", HasBias: true),
        new("unpool1", LayerKind.Unpooling, 4, 4, 2, 0, 32, Switches: "pool1"),
        new("deconv1_1", LayerKind.Deconvolution, 4, 4, 3, 1, 32, "debn1_1", HasBias: true),
        new("seg-score-voc", LayerKind.Score, 4, 6, 1, 0, 32, HasBias: true),
    ];

    private readonly ZipArchive? archive = source == Repository
        ? ZipFile.OpenRead(Path.Combine(AppContext.BaseDirectory, "Reference", "train", "train.npz"))
        : null;

    private readonly string folder = source == Repository ? "" : SharedData.Path("reference", "caffe", "train");

    public static TheoryData<string> Sources => [Repository, Shared];

    /// <summary>What a (de)convolution or batch norm learns.</summary>
    public static IReadOnlyList<WeightSlot> Learned { get; } =
        [.. WeightSlot.Of(Rows).Where(slot => slot.Part is not (WeightPart.RunningMean or WeightPart.RunningVariance))];

    /// <summary>The network in training mode with the initial parameters.</summary>
    public DeconvNetModel NewModel()
    {
        var model = new DeconvNetModel(new DeconvNetOptions { ClassCount = 6, InputSize = 32 }, null, _ => Rows);
        model.to(float64);
        model.train();
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var slot in Learned)
            model.TensorOf(slot).copy_(tensor(Read($"init/{NameOf(slot)}").Values, [.. slot.Shape]));
        return model;
    }

    /// <summary>A micro-batch: images <c>[4, 3, 32, 32]</c> and labels int64 <c>[4, 32, 32]</c>.</summary>
    public (Tensor Images, Tensor Labels) Batch(int index) =>
        (tensor(Read($"batch{index}_data").Values, [4, 3, 32, 32]), tensor(Read($"batch{index}_label").Values, [4, 32, 32]).to(int64));

    public Npy<double> Read(string name)
    {
        if (archive is null)
            return Npy.Read<double>(Path.Combine(folder, name + ".npy"));
        using var bytes = new MemoryStream();
        using (var entry = archive.GetEntry(name + ".npy")!.Open())
            entry.CopyTo(bytes);
        return Npy.Parse<double>(bytes.ToArray());
    }

    /// <summary>Compares a value of the learned network with the array of a folder.</summary>
    /// <returns>The difference relative to the largest value.</returns>
    public double Compare(string folder, WeightSlot slot, Tensor actual, double tolerance)
    {
        // The bias before a batch norm has no gradient; the files hold rounding noise in its place.
        var isNoise = slot.Part == WeightPart.Bias && slot.Row.BatchNorm is not null && !folder.Contains("after_step", StringComparison.Ordinal);
        return Compare($"{folder}/{NameOf(slot)}", actual, tolerance, isNoise ? 1 : null);
    }

    /// <summary>Compares a value with an array.</summary>
    /// <param name="name">The array.</param>
    /// <param name="actual">The value, of the shape of the whole array.</param>
    /// <param name="tolerance">The largest difference, relative to the largest value of the array.</param>
    /// <param name="unit">What the difference is relative to instead.</param>
    /// <returns>The difference.</returns>
    public double Compare(string name, Tensor actual, double tolerance, double? unit = null)
    {
        using var scope = NewDisposeScope();
        var expected = Read(name).Values;
        var values = actual.detach().contiguous().data<double>().ToArray();
        var step = (values.Length + expected.Length - 1) / expected.Length;
        Assert.True(step == 1 || (source == Repository && values.Length > 1000), $"{name} has {expected.Length} values instead of {values.Length}.");
        Assert.Equal((values.Length + step - 1) / step, expected.Length);

        var difference = expected.Select((value, i) => Math.Abs(value - values[i * step])).Max();
        var relative = difference / (unit ?? expected.Max(Math.Abs));
        Assert.True(relative <= tolerance, $"{name} differs by {relative:E2}; allowed is {tolerance:E0}.");
        return relative;
    }

    public void Dispose() => archive?.Dispose();

    private static string NameOf(WeightSlot slot) => slot.Part switch
    {
        WeightPart.Kernel => slot.Row.Name + ".0",
        WeightPart.Bias => slot.Row.Name + ".1",
        WeightPart.Scale => slot.Row.BatchNorm + ".0",
        _ => slot.Row.BatchNorm + ".1",
    };
}
