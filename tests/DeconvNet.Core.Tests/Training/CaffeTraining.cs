using System.IO.Compression;
using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Training;

/// <summary>
/// What the authors' Caffe computed in training, and the network that it trained: two blocks of the published pattern, 64 bits.
/// The arrays in the repository are subsampled; with the shared reference data, all values are compared.
/// </summary>
internal sealed class CaffeTraining(string source) : IDisposable
{
    public const string Repository = "thinned";
    public const string Shared = "whole";

    private static readonly LayerSpec[] Rows =
    [
        new() { Name = "conv1_1", Kind = LayerKind.Convolution, InChannels = 3, OutChannels = 4, Kernel = 3, Padding = 1, OutputSize = 32, BatchNorm = "bn1_1", HasBias = true },
        new() { Name = "pool1", Kind = LayerKind.Pooling, InChannels = 4, OutChannels = 4, Kernel = 2, OutputSize = 16 },
        new() { Name = "conv2_1", Kind = LayerKind.Convolution, InChannels = 4, OutChannels = 6, Kernel = 3, Padding = 1, OutputSize = 16, BatchNorm = "bn2_1", HasBias = true },
        new() { Name = "pool2", Kind = LayerKind.Pooling, InChannels = 6, OutChannels = 6, Kernel = 2, OutputSize = 8 },
        new() { Name = "fc6", Kind = LayerKind.Convolution, InChannels = 6, OutChannels = 10, Kernel = 8, OutputSize = 1, BatchNorm = "bnfc6", HasBias = true },
        new() { Name = "fc7", Kind = LayerKind.Convolution, InChannels = 10, OutChannels = 8, Kernel = 1, OutputSize = 1, BatchNorm = "bnfc7", HasBias = true },
        new() { Name = "fc6-deconv", Kind = LayerKind.Deconvolution, InChannels = 8, OutChannels = 6, Kernel = 8, OutputSize = 8, BatchNorm = "fc6-deconv-bn", HasBias = true },
        new() { Name = "unpool2", Kind = LayerKind.Unpooling, InChannels = 6, OutChannels = 6, Kernel = 2, OutputSize = 16, Switches = "pool2" },
        new() { Name = "deconv2_1", Kind = LayerKind.Deconvolution, InChannels = 6, OutChannels = 4, Kernel = 3, Padding = 1, OutputSize = 16, BatchNorm = "debn2_1", HasBias = true },
        new() { Name = "unpool1", Kind = LayerKind.Unpooling, InChannels = 4, OutChannels = 4, Kernel = 2, OutputSize = 32, Switches = "pool1" },
        new() { Name = "deconv1_1", Kind = LayerKind.Deconvolution, InChannels = 4, OutChannels = 4, Kernel = 3, Padding = 1, OutputSize = 32, BatchNorm = "debn1_1", HasBias = true },
        new() { Name = "seg-score-voc", Kind = LayerKind.Score, InChannels = 4, OutChannels = 6, Kernel = 1, OutputSize = 32, HasBias = true },
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
