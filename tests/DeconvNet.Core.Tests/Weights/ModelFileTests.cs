using System.IO.Compression;
using System.Runtime.InteropServices;
using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using DeconvNet.Weights;
using DeconvNet.Weights.Formats;
using TorchSharp;

namespace DeconvNet.Tests.Weights;

/// <summary>Models are saved and loaded.</summary>
[Collection(TorchTests.Name)]
public sealed class ModelFileTests
{
    private static readonly DeconvNetOptions Tiny = new()
    {
        Width = 2,
        FcChannels = 5,
        InputSize = 64,
        ClassCount = 3,
        BatchNormEpsilon = 1e-4,
        BatchNormMomentum = 0.03,
        Preprocessing = new Preprocessing { Order = ChannelOrder.Rgb, Scale = ChannelValues.All(0.5f), Mean = new(1.25f, 2.5f, 3.75f) },
    };

    [Fact]
    public void A_saved_model_comes_back_bit_for_bit_with_all_that_it_knows()
    {
        using var folder = new TemporaryFolder();
        using var model = MakeModel(Tiny);
        var info = new WeightsInfo
        {
            Name = "tiny",
            License = "MIT",
            Citation = "Noh, Hong, Han: \"Learning Deconvolution Network …\"",
            Recipe = "Train --seed 1",
            Notes = "line 1\nline 2",
            Inference = new InferenceSettings { MaxProposals = 7, WorkingSide = 160, Temperature = 1.25, MinRegionConfidence = 0.35 },
            Metrics = new Dictionary<string, MeasuredAccuracy>
            {
                ["voc-val"] = new() { ImageCount = 7, MeanIoU = 0.1234567890123, PixelAccuracy = 0.9, Method = "20 proposals" },
                ["own photos"] = new() { ImageCount = 1, MeanIoU = 1 },
            },
        };
        model.Save(folder["tiny.safetensors"], info);
        using var loaded = DeconvNetModel.Load(folder["tiny.safetensors"]);

        Assert.Equal(Tiny, loaded.Options);
        Assert.Equal(model.ClassNames, loaded.ClassNames);
        Assert.Equal(info.Metrics, loaded.Info.Metrics);
        Assert.Equal(info, loaded.Info with { Metrics = info.Metrics });
        Assert.False(loaded.training);
        AssertSame(Values(model), Values(loaded));
    }

    [Fact]
    public void The_Keras_variant_comes_back_too()
    {
        using var folder = new TemporaryFolder();
        using var model = MakeModel(DeconvNetOptions.KerasVariant with { Width = 2, FcChannels = 5, InputSize = 32, ClassCount = 3 });
        model.Save(folder["keras.safetensors"]);
        using var loaded = DeconvNetModel.Load(folder["keras.safetensors"]);
        Assert.Equal(model.Options, loaded.Options);
        AssertSame(Values(model), Values(loaded));
    }

    [Fact]
    public void Half_precision_rounds_the_kernels_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        using var model = MakeModel(Tiny);
        model.Save(folder["half.safetensors"], precision: WeightPrecision.Half);
        using var loaded = DeconvNetModel.Load(folder["half.safetensors"]);
        var (before, after) = (Values(model), Values(loaded));
        foreach (var slot in WeightSlot.Of(model.Layers))
        {
            var expected = slot.Part == WeightPart.Kernel ? [.. before[slot.Name].Select(value => (float)(Half)value)] : before[slot.Name];
            Assert.Equal(expected, after[slot.Name]);
        }

        // A second time changes nothing: the file of a loaded model is the file.
        loaded.Save(folder["again.safetensors"], precision: WeightPrecision.Half);
        Assert.Equal(File.ReadAllBytes(folder["half.safetensors"]), File.ReadAllBytes(folder["again.safetensors"]));
    }

    [Fact]
    public void A_caffemodel_saved_as_safetensors_computes_the_same()
    {
        using var folder = new TemporaryFolder();
        using var caffe = DeconvNetModel.Load(SlimCaffemodel);
        caffe.Save(folder["slim.safetensors"]);
        using var loaded = DeconvNetModel.Load(folder["slim.safetensors"]);
        Assert.Equal(caffe.Options, loaded.Options);
        AssertSame(Values(caffe), Values(loaded));
    }

    [Fact]
    public void A_folded_batch_norm_is_its_scale_and_shift_and_nothing_else()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var model = DeconvNetModel.Load(SlimCaffemodel);
        foreach (var row in model.Layers.Where(row => row.BatchNorm is not null))
        {
            var norm = model.BatchNorm(row);
            var ones = torch.ones(1, row.OutChannels, 1, 1);
            Assert.True(norm.forward(ones).flatten().equal(norm.weight! + norm.bias!).all().ToBoolean(), row.BatchNorm);
        }
    }

    [Fact]
    public void An_unfolded_caffemodel_normalizes_by_the_batch()
    {
        using var model = DeconvNetModel.Load(SlimCaffemodel, CaffeBatchNorm.Unfolded);
        Assert.True(model.training);
        using var folded = DeconvNetModel.Load(SlimCaffemodel);
        Assert.False(folded.training);
    }

    [Fact]
    public void A_model_loads_from_a_stream_that_cannot_seek_and_leaves_it_open()
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zip.Write(File.ReadAllBytes(SlimCaffemodel));
        packed.Position = 0;
        using var stream = new GZipStream(packed, CompressionMode.Decompress);
        using var model = DeconvNetModel.Load(stream, "slim in gzip");
        Assert.Equal(4, model.Options.Width);
        Assert.Equal(-1, stream.ReadByte());
    }

    [Fact]
    public void A_model_loads_from_the_middle_of_a_stream()
    {
        using var folder = new TemporaryFolder();
        using var model = MakeModel(Tiny);
        model.Save(folder["tiny.safetensors"]);
        using var stream = new MemoryStream([1, 2, 3, .. File.ReadAllBytes(folder["tiny.safetensors"])]) { Position = 3 };
        using var loaded = DeconvNetModel.Load(stream, "embedded");
        AssertSame(Values(model), Values(loaded));
    }

    [Fact]
    public void Loading_saving_and_failing_leave_no_tensor_behind()
    {
        using var folder = new TemporaryFolder();
        using (var model = MakeModel(Tiny))
            model.Save(folder["tiny.safetensors"]);
        var bytes = File.ReadAllBytes(folder["tiny.safetensors"]);

        // TorchSharp keeps counting the emptied tensor that each Parameter was made from, so the baseline is a model that was created and disposed.
        var start = LiveTensors.CountSettled();
        new DeconvNetModel(Tiny, classNames: null, LayerTable.Create, isEmpty: true).Dispose();
        var perModel = torch.Tensor.TotalCount - start;

        const int Rounds = 5;
        start = LiveTensors.CountSettled();
        for (var i = 0; i < Rounds; i++)
        {
            using (var model = DeconvNetModel.Load(folder["tiny.safetensors"]))
                model.Save(folder["again.safetensors"]);
            Assert.Throws<InvalidDataException>(() => DeconvNetModel.Load(new MemoryStream(bytes[..^1]), "short"));
            Assert.Throws<InvalidDataException>(() => DeconvNetModel.Load(new EndsEarly(bytes), "ends early"));
        }

        Assert.Equal(2 * Rounds * perModel, torch.Tensor.TotalCount - start);
    }

    internal static string SlimCaffemodel => Path.Combine(AppContext.BaseDirectory, "Reference", "slim", "slim.caffemodel");

    internal static DeconvNetModel MakeModel(DeconvNetOptions options)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var generator = new torch.Generator(5);
        var model = new DeconvNetModel(options, ["ground", "cat", "dog"]);
        foreach (var slot in WeightSlot.Of(model.Layers))
            model.TensorOf(slot).copy_(torch.rand([.. slot.Shape], generator: generator) + 0.1);
        return model;
    }

    private static Dictionary<string, float[]> Values(DeconvNetModel model) =>
        WeightSlot.Of(model.Layers).ToDictionary(slot => slot.Name, slot => MemoryMarshal.Cast<byte, float>(model.TensorOf(slot).bytes).ToArray());

    private static void AssertSame(Dictionary<string, float[]> expected, Dictionary<string, float[]> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (name, values) in expected)
            Assert.Equal(values, actual[name]);
    }

    /// <summary>A stream that has a length and then does not give all of it, like a file cut while it is read.</summary>
    private sealed class EndsEarly(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => Position > Length / 2 ? 0 : base.Read(buffer, offset, count);
    }
}
