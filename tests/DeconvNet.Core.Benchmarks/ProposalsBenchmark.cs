using DeconvNet.Proposals;

namespace DeconvNet.Benchmarks;

/// <summary>Edge Boxes on one thread and on all.</summary>
internal static class ProposalsBenchmark
{
    private const int Count = 2000;

    public static void Run(TimeSpan duration)
    {
        var photo = Photo.Load();
        var single = new EdgeBoxes(new EdgeBoxesOptions { MaxDegreeOfParallelism = 1 });
        var parallel = new EdgeBoxes();
        Comparison.Run(
            $"proposals: the best {Count} of a photo of {photo.Width}×{photo.Height}",
            duration,
            new("1 thread", () => single.Generate(photo, Count)),
            new($"{parallel.Options.MaxDegreeOfParallelism} threads", () => parallel.Generate(photo, Count)));
    }
}
