using DeconvNet.Networks;
using static TorchSharp.torch;

namespace DeconvNet.Benchmarks;

/// <summary>The largest unpooling of the published network: what do the checks of <see cref="MaxUnpool2d"/> cost over libtorch's kernel alone?</summary>
internal static class UnpoolBenchmark
{
    public static void Run(TimeSpan duration)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (pooled, indices) = nn.functional.max_pool2d_with_indices(randn(1, 64, 224, 224), [2, 2], [2, 2]);
        var module = new MaxUnpool2d(2);
        Comparison.Run(
            "unpool: 64×112×112 to 224×224",
            duration,
            new("libtorch's kernel", () => nn.functional.max_unpool2d(pooled, indices, [2, 2], [2, 2], [0, 0]).Dispose()),
            new("MaxUnpool2d, checked", () => module.forward(pooled, indices).Dispose()),
            new("MaxUnpool2d, inside the network", () => MaxUnpool2d.Unpool(pooled, indices, 224, 224).Dispose()));
    }
}
