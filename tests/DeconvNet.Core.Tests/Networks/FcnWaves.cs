using DeconvNet.Architecture;
using DeconvNet.Networks;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Networks;

/// <summary>The numbers of <c>tests/tools/make_fcn_reference.py</c>, which stand for weights and photos.</summary>
internal static class FcnWaves
{
    public static FcnOptions Narrow { get; } = new() { Width = 2, FcChannels = 5, ClassCount = 3 };

    public static Tensor Make(int seed, params long[] shape)
    {
        var count = shape.Aggregate((product, side) => product * side);
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = (float)Math.Sin((i * 1.7) + (seed * 0.9) + (0.3 * Math.Cos(i * 0.11)));
        return tensor(values, shape);
    }

    /// <summary>A network whose layers have the numbers, in evaluation mode; its upsampling is bilinear.</summary>
    public static FcnModel Model(FcnOptions options)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var model = new FcnModel(options);
        var seed = 0;
        foreach (var row in model.Layers.Where(row => row.Kind is LayerKind.Convolution or LayerKind.Score))
        {
            var (weight, bias) = model.Kernel(row);
            var gain = row.Kind == LayerKind.Score ? 1 : Math.Sqrt(4.0 / (row.InChannels * row.Kernel * row.Kernel));
            weight.copy_(Make(++seed, weight.shape) * gain);
            bias!.copy_(Make(++seed, bias.shape));
        }

        model.eval();
        return model;
    }
}
