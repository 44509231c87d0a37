using System.Diagnostics;
using System.Globalization;
using DeconvNet.Architecture;
using DeconvNet.Engine;
using DeconvNet.Networks;
using DeconvNet.Weights;
using static TorchSharp.torch;

namespace DeconvNet.Benchmarks;

/// <summary>The process that <see cref="HeapBenchmark"/> starts: for each line of its input it does its work once and prints the milliseconds.</summary>
internal static class HeapWorker
{
    /// <summary>The environment variable that names the work, in such a process only.</summary>
    public const string Variable = "DECONVNET_HEAP_WORK";

    private const string OnOwnThread = ", in a thread of its own";

    private static readonly Dictionary<string, Func<Action>> works = new()
    {
        ["Compact, 8 crops of 64×64"] = () => Forward(new DeconvNetModel(DeconvNetOptions.Compact), 8, 64, 64),
        ["half width, 8 crops of 128×128"] = () => Forward(new DeconvNetModel(DeconvNetOptions.Compact with { InputSize = 128 }), 8, 128, 128),
        ["Paper, 1 crop of 224×224"] = () => Forward(new DeconvNetModel(DeconvNetOptions.Paper), 1, 224, 224),
        ["small FCN-8s, 500×375"] = () => Forward(new FcnModel(FcnOptions.Compact), 1, 375, 500),
        ["training step, Compact, 8 crops of 64×64"] = () => Step(new DeconvNetModel(DeconvNetOptions.Compact), 8, 64),
        ["a whole photo"] = () =>
        {
            var segmenter = CompactWeights.DeconvNet.CreateSegmenter();
            var photo = Photo.Load();
            return () => segmenter.Segment(photo);
        },
    };

    /// <summary>The first thread of a process and the others take their memory from different places.</summary>
    public static IEnumerable<string> Works => works.Keys.SelectMany(name => new[] { name, name + OnOwnThread });

    /// <summary>Whether this is such a process; then it has done its work.</summary>
    public static bool TryServe()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } name)
            return false;

        if (name.EndsWith(OnOwnThread, StringComparison.Ordinal))
        {
            var thread = new Thread(() => Serve(name[..^OnOwnThread.Length]));
            thread.Start();
            thread.Join();
        }
        else
        {
            Serve(name);
        }

        return true;
    }

    private static void Serve(string name)
    {
        var work = works[name]();
        while (Console.ReadLine() is not null)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            Console.WriteLine(Stopwatch.GetElapsedTime(start).TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static Action Forward(SegmentationModel model, int batch, int height, int width)
    {
        model.eval();
        var input = randn(batch, 3, height, width);
        return () =>
        {
            using var frozen = no_grad();
            model.forward(input).Dispose();
        };
    }

    private static Action Step(SegmentationModel model, int batch, int side)
    {
        model.train();
        var input = randn(batch, 3, side, side);
        return () =>
        {
            using var scope = NewDisposeScope();
            model.zero_grad();
            model.forward(input).square().mean().backward();
        };
    }
}
