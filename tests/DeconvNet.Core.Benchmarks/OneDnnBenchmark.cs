using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.Runtime;
using static TorchSharp.torch;

namespace DeconvNet.Benchmarks;

/// <summary>What it costs to be right where oneDNN's convolutions are wrong: a forward pass and a training step with each cure, and as they are where nothing is wrong.</summary>
internal static class OneDnnBenchmark
{
    public static void Run(TimeSpan duration)
    {
        TorchRuntime.EnsureUsable();
        Comparison.Run(
            "onednn: the self-test, after its first run",
            duration,
            new("where nothing is wrong", () => ConvolutionProbe.IsCorrectForAnyChannels()),
            new("what is added where something is", () => ConvolutionProbe.IsCorrectForPaddedChannels()));
        foreach (var isTraining in new[] { false, true })
        {
            Run("Compact", DeconvNetOptions.Compact, 8, isTraining, duration);
            Run("width 24", DeconvNetOptions.Compact with { Width = 24 }, 8, isTraining, duration);
            Run("width 25", DeconvNetOptions.Compact with { Width = 25 }, 8, isTraining, duration);
            Run("Paper", DeconvNetOptions.Paper, 1, isTraining, duration);
        }
    }

    private static void Run(string name, DeconvNetOptions options, int batch, bool isTraining, TimeSpan duration)
    {
        using var scope = NewDisposeScope();
        using var model = new DeconvNetModel(options);
        model.train(isTraining);
        var side = options.InputSize;
        var input = randn(batch, 3, side, side);
        var images = input.split(1);
        List<Contender> contenders =
        [
            new("oneDNN as it is", () => With(() => OneDnn.NeedsPadding = false, () => Pass(input))),
            new("channels padded", () => With(() => OneDnn.NeedsPadding = true, () => Pass(input))),
            new("oneDNN off", () => With(() => TorchRuntime.UseOneDnn(false), () => Pass(input))),
        ];
        if (batch > 1)
            contenders.Insert(2, new("one image a call", () => Array.ForEach(images, Pass)));
        Comparison.Run($"onednn: {(isTraining ? "training step" : "forward")}, {name}, {batch} × {side}×{side}", duration, [.. contenders]);

        void Pass(Tensor photos)
        {
            using var pass = NewDisposeScope();
            if (isTraining)
            {
                model.zero_grad();
                model.forward(photos).square().mean().backward();
            }
            else
            {
                using var frozen = no_grad();
                model.forward(photos);
            }
        }
    }

    private static void With(Action cure, Action pass)
    {
        cure();
        try
        {
            pass();
        }
        finally
        {
            TorchRuntime.UseOneDnn(true);
        }
    }
}
