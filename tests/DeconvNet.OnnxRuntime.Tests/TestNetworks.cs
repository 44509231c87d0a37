using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.Weights;
using static TorchSharp.torch;

namespace DeconvNet.OnnxRuntime.Tests;

/// <summary>Small networks with random weights and batch-norm statistics.</summary>
internal static class TestNetworks
{
    public static DeconvNetOptions DeconvNet { get; } = new() { InputSize = 32, Width = 4, FcChannels = 8, ClassCount = 3 };

    public static FcnOptions Fcn { get; } = FcnOptions.Compact with { Width = 4, FcChannels = 8, ClassCount = 3 };

    /// <summary>Draws every parameter and statistic anew, so that nothing is zero, one or symmetric.</summary>
    public static T Randomize<T>(this T model)
        where T : SegmentationModel
    {
        random.manual_seed(1);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (name, value) in model.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter)).Concat(model.named_buffers()))
        {
            if (value.is_integral())
                continue;
            if (name.EndsWith("running_var", StringComparison.Ordinal) || value.dim() == 1)
                value.copy_(rand_like(value) + 0.5);
            else
                value.copy_(randn_like(value) * Math.Sqrt(2.0 / (value.numel() / value.shape[0])));
        }

        model.eval();
        return model;
    }

    public static TrainedWeights Save(this SegmentationModel model, string path)
    {
        model.Save(path);
        return model is FcnModel ? new FcnWeights(path, () => File.OpenRead(path)) : new DeconvNetWeights(path, () => File.OpenRead(path));
    }

    /// <summary>The bytes of an <c>.onnx</c> file of a small DeconvNet.</summary>
    public static byte[] ExportSmallDeconvNet()
    {
        using var folder = new TemporaryFolder();
        using var model = new DeconvNetModel(DeconvNet).Randomize();
        using var bytes = new MemoryStream();
        OnnxModel.Export(Save(model, folder["small.safetensors"]), bytes);
        return bytes.ToArray();
    }

    public static float[] RandomInput(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }
}
