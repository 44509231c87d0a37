using DeconvNet.Architecture;
using DeconvNet.Networks;
using static TorchSharp.torch;

namespace DeconvNet.Benchmarks;

/// <summary>A forward pass against the same network written naively, and against what libtorch reaches in a single product of matrices.</summary>
internal static class ForwardBenchmark
{
    public static void Run(TimeSpan duration)
    {
        Run("Compact", DeconvNetOptions.Compact, batch: 8, duration);
        using var scope = NewDisposeScope();
        var (left, right) = (randn(MatrixSide, MatrixSide), randn(MatrixSide, MatrixSide));
        Run("Paper", DeconvNetOptions.Paper, batch: 1, duration, new Contender("as many operations in one product of matrices", () => mm(left, right).Dispose()));
    }

    // 2 · 3200³ operations: as many as a forward pass of Paper at batch 1, 65.5 GFLOP.
    private const int MatrixSide = 3200;

    private static void Run(string preset, DeconvNetOptions options, int batch, TimeSpan duration, params Contender[] others)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = new DeconvNetModel(options);
        model.eval();
        var naive = new NaiveNetwork(model);
        var side = options.InputSize;
        var input = randn(batch, 3, side, side);
        var (expected, actual) = (naive.Forward(input), model.forward(input));
        var distance = ((actual - expected).norm() / expected.norm()).item<float>();

        Comparison.Run(
            $"forward: {preset}, {batch} × {side}×{side}; the outputs differ by {distance:0.0e-0} (relative L2)",
            duration,
            [
                new("module after module", () => naive.Forward(input).Dispose()),
                new("DeconvNetModel", () => model.forward(input).Dispose()),
                .. others,
            ]);
    }
}
