using System.Runtime.InteropServices;
using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using DeconvNet.Weights;
using DeconvNet.Weights.Formats;
using static DeconvNet.Tests.Weights.WeightsFiles;

namespace DeconvNet.Tests.Weights;

/// <summary>Models from files that contain tensors but do not state their network.</summary>
[Collection(TorchTests.Name)]
public sealed class InferredModelTests
{
    private static readonly DeconvNetOptions Tiny = new() { Width = 1, FcChannels = 2, InputSize = 64, ClassCount = 3 };

    [Fact]
    public void A_PyTorch_checkpoint_with_everything_around_it_loads()
    {
        using var model = DeconvNetModel.Load(Reference("pytorch", "deconvnet_width1.pt"));
        Assert.Equal(Tiny with { InputSize = 32, BatchNormEpsilon = 1e-5 }, model.Options);
        Assert.False(model.training);
        Assert.Contains("is assumed", model.Info.Notes, StringComparison.Ordinal);
        var salt = 0;
        foreach (var slot in WeightSlot.Of(model.Layers))
        {
            var expected = Pattern((int)WeightShape.Count(slot.Shape)!.Value, ++salt);
            Assert.Equal(slot.Part == WeightPart.RunningVariance ? [.. expected.Select(value => value + 1)] : expected, Values(model, slot));
        }
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("module.", "")]
    [InlineData("model.net.", "")]
    [InlineData("", "-_")]
    public void Safetensors_by_others_load_with_the_names_that_modules_can_have(string prefix, string rename)
    {
        using var folder = new TemporaryFolder();
        using var expected = ModelFileTests.MakeModel(Tiny);
        Write(folder["x.safetensors"], expected, name => prefix + (rename.Length == 2 ? name.Replace(rename[0], rename[1]) : name));
        using var model = DeconvNetModel.Load(folder["x.safetensors"]);
        Assert.Equal(Tiny with { BatchNormEpsilon = 1e-5 }, model.Options);
        AssertSame(expected, model);
    }

    [Fact]
    public void Kernels_in_the_layout_of_Keras_are_turned()
    {
        using var folder = new TemporaryFolder();
        using var expected = ModelFileTests.MakeModel(DeconvNetOptions.KerasVariant with { Width = 1, FcChannels = 2, InputSize = 64, ClassCount = 3 });
        var tensors = WeightSlot.Of(expected.Layers).Select(slot => slot.Part switch
        {
            WeightPart.Kernel => Turned(expected, slot),
            WeightPart.Bias => Tensor($"{slot.Row.Name}/bias:0", slot.Shape, Values(expected, slot)),
            WeightPart.Scale => Tensor($"{slot.Row.BatchNorm}/gamma:0", slot.Shape, Values(expected, slot)),
            WeightPart.Shift => Tensor($"{slot.Row.BatchNorm}/beta:0", slot.Shape, Values(expected, slot)),
            WeightPart.RunningMean => Tensor($"{slot.Row.BatchNorm}/moving_mean:0", slot.Shape, Values(expected, slot)),
            _ => Tensor($"{slot.Row.BatchNorm}/moving_variance:0", slot.Shape, Values(expected, slot)),
        });
        SafetensorsFile.Write(folder["x.safetensors"], tensors);
        using var model = DeconvNetModel.Load(folder["x.safetensors"]);
        Assert.Equal(expected.Options, model.Options);
        AssertSame(expected, model);

        // [out, in, k, k] to [k, k, in, out]; for a deconvolution [in, out, k, k] to [k, k, out, in], which is the same exchange.
        static WeightTensor Turned(DeconvNetModel model, WeightSlot slot)
        {
            var (values, turned) = (Values(model, slot), new float[WeightShape.Count(slot.Shape)!.Value]);
            var (first, second, side) = ((int)slot.Shape[0], (int)slot.Shape[1], (int)slot.Shape[2]);
            for (var i = 0; i < values.Length; i++)
            {
                var (a, b, place) = (i / (second * side * side), i / (side * side) % second, i % (side * side));
                turned[(((place * second) + b) * first) + a] = values[i];
            }

            return Tensor($"{slot.Row.Name}/kernel:0", [side, side, second, first], turned);
        }
    }

    [Theory]
    [InlineData(CaffeBatchNorm.Folded)]
    [InlineData(CaffeBatchNorm.Unfolded)]
    public void A_batch_norm_of_scale_and_shift_alone_is_that_or_awaits_its_statistics(CaffeBatchNorm batchNorm)
    {
        using var folder = new TemporaryFolder();
        using var expected = ModelFileTests.MakeModel(Tiny);
        Write(folder["x.safetensors"], expected, name => name, slot => slot.Part is not (WeightPart.RunningMean or WeightPart.RunningVariance));
        using var model = DeconvNetModel.Load(folder["x.safetensors"], batchNorm);
        Assert.Equal(Tiny, model.Options);
        Assert.Equal(batchNorm == CaffeBatchNorm.Unfolded, model.training);
        AssertNorm(model, slot => slot.Part switch { WeightPart.RunningMean => 0, WeightPart.RunningVariance => 1, _ => null }, expected);
    }

    [Fact]
    public void A_batch_norm_folded_into_the_kernels_does_nothing()
    {
        using var folder = new TemporaryFolder();
        using var expected = ModelFileTests.MakeModel(Tiny);
        Write(folder["x.safetensors"], expected, name => name, slot => slot.Part is WeightPart.Kernel or WeightPart.Bias);
        using var model = DeconvNetModel.Load(folder["x.safetensors"], CaffeBatchNorm.Unfolded);
        Assert.Equal(Tiny, model.Options);
        Assert.False(model.training);
        AssertNorm(model, slot => slot.Part switch { WeightPart.Shift or WeightPart.RunningMean => 0, WeightPart.Scale or WeightPart.RunningVariance => 1, _ => null }, expected);
    }

    [Fact]
    public void A_batch_norm_without_scale_and_shift_only_normalizes()
    {
        using var folder = new TemporaryFolder();
        using var expected = ModelFileTests.MakeModel(Tiny);
        Write(folder["x.safetensors"], expected, name => name, slot => slot.Part is not (WeightPart.Scale or WeightPart.Shift));
        using var model = DeconvNetModel.Load(folder["x.safetensors"]);
        AssertNorm(model, slot => slot.Part switch { WeightPart.Shift => 0, WeightPart.Scale => 1, _ => null }, expected);
    }

    [Fact]
    public void Layers_without_bias_are_told_by_the_file()
    {
        using var folder = new TemporaryFolder();
        using var expected = ModelFileTests.MakeModel(Tiny with { ConvBias = false });
        Write(folder["x.safetensors"], expected, name => name);
        using var model = DeconvNetModel.Load(folder["x.safetensors"]);
        Assert.False(model.Options.ConvBias);
        AssertSame(expected, model);
    }

    [Fact]
    public void The_preprocessing_is_what_the_caller_says_unless_the_file_does()
    {
        using var folder = new TemporaryFolder();
        using var model = ModelFileTests.MakeModel(Tiny);
        var other = new Preprocessing { Order = ChannelOrder.Rgb, Scale = ChannelValues.All(0.5f), Mean = new(1, 2, 3) };
        Write(folder["x.safetensors"], model, name => name);
        using (var loaded = DeconvNetModel.Load(folder["x.safetensors"], preprocessing: other))
        {
            Assert.Equal(other, loaded.Preprocessing);
            Assert.Null(loaded.Info.Notes);
        }

        model.Save(folder["ours.safetensors"]);
        Assert.Contains("says that its preprocessing", Assert.Throws<ArgumentException>(() => DeconvNetModel.Load(folder["ours.safetensors"], preprocessing: other)).Message, StringComparison.Ordinal);
        DeconvNetModel.Load(folder["ours.safetensors"], preprocessing: Tiny.Preprocessing).Dispose();
    }

    [Fact]
    public void A_file_of_another_network_is_refused_with_every_difference()
    {
        using var folder = new TemporaryFolder();
        using var model = ModelFileTests.MakeModel(Tiny);
        var tensors = WeightSlot.Of(model.Layers)
            .Where(slot => slot.Name is not ("conv3_2.bias" or "bn4_1.running_var"))
            .Select(slot => slot.Name == "debn5_1.weight" ? Tensor(slot.Name, [9], new float[9]) : Tensor(slot.Name, slot.Shape, Values(model, slot)))
            .Append(Tensor("aux.weight", [3], new float[3]));
        SafetensorsFile.Write(folder["x.safetensors"], tensors);
        var error = Assert.Throws<InvalidDataException>(() => DeconvNetModel.Load(folder["x.safetensors"]));
        Assert.Contains("2 missing: conv3_2.bias, bn4_1.running_var", error.Message, StringComparison.Ordinal);
        Assert.Contains("1 unexpected: aux.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("1 of another shape: debn5_1.weight is [9], expected [8]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_that_claim_one_place_are_refused()
    {
        using var folder = new TemporaryFolder();
        SafetensorsFile.Write(folder["x.safetensors"], [Tensor("conv1_1.weight", [1], [1]), Tensor("module.conv1_1.weight", [1], [1])]);
        var error = Assert.Throws<InvalidDataException>(() => DeconvNetModel.Load(folder["x.safetensors"]));
        Assert.Contains("'conv1_1.weight' and 'module.conv1_1.weight' have one place", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_whole_numbers_are_refused()
    {
        var checkpoint = ZipBytes.Read(File.ReadAllBytes(Reference("pytorch", "deconvnet_width1.pt")));
        var pickle = System.Text.Encoding.Latin1.GetString(checkpoint[0].Content);

        // All 32-bit values are said to be whole numbers of the same size.
        checkpoint[0].Content = System.Text.Encoding.Latin1.GetBytes(pickle.Replace("torch\nFloatStorage", "torch\nIntStorage", StringComparison.Ordinal));
        using var stream = new MemoryStream(ZipBytes.Stored(checkpoint));
        Assert.Contains("has the type I32", Assert.Throws<InvalidDataException>(() => DeconvNetModel.Load(stream, "whole")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_VGG_16_is_not_a_DeconvNet_and_the_message_says_what_to_do()
    {
        var error = Assert.Throws<InvalidDataException>(() => DeconvNetModel.Load(Reference("pytorch", "vgg16_width2.pth")));
        Assert.Contains("LoadVgg16", error.Message, StringComparison.Ordinal);
        Assert.Contains("features.0.weight", error.Message, StringComparison.Ordinal);
    }

    private static void Write(string path, DeconvNetModel model, Func<string, string> rename, Func<WeightSlot, bool>? wanted = null) =>
        SafetensorsFile.Write(path, WeightSlot.Of(model.Layers).Where(wanted ?? (_ => true)).Select(slot => Tensor(rename(slot.Name), slot.Shape, Values(model, slot))));

    private static WeightTensor Tensor(string name, IReadOnlyList<long> shape, float[] values) => new(name, shape, () => values);

    private static float[] Values(DeconvNetModel model, WeightSlot slot) => MemoryMarshal.Cast<byte, float>(model.TensorOf(slot).bytes).ToArray();

    private static void AssertSame(DeconvNetModel expected, DeconvNetModel actual)
    {
        foreach (var slot in WeightSlot.Of(expected.Layers))
            Assert.Equal(Values(expected, slot), Values(actual, slot));
    }

    private static void AssertNorm(DeconvNetModel model, Func<WeightSlot, float?> constant, DeconvNetModel expected)
    {
        foreach (var slot in WeightSlot.Of(model.Layers))
        {
            if (constant(slot) is { } value)
                Assert.All(Values(model, slot), other => Assert.Equal(value, other));
            else
                Assert.Equal(Values(expected, slot), Values(model, slot));
        }
    }
}
