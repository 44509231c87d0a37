using DeconvNet.Imaging;

namespace DeconvNet.Proposals.Ranking;

/// <summary>Training examples: features row by row, and the target of each candidate.</summary>
internal sealed class RankingRows(int seed)
{
    // The target is 0 up to an overlap of 0.3 with every object, and 1 from 0.7 on.
    private const double MinOverlap = 0.3;
    private const double FullOverlap = 0.7;

    // Most candidates hit no object; a fraction of them is enough to learn from.
    private const double NearOverlap = 0.4;
    private const double FractionOfNear = 0.5;
    private const double FractionOfOthers = 0.2;

    private readonly Random random = new(seed);

    public List<float[]> Features { get; } = [];

    public List<float> Targets { get; } = [];

    /// <summary>Samples training rows from the candidates of every image.</summary>
    /// <exception cref="ArgumentException">There are no candidates.</exception>
    public static RankingRows Collect(
        IEnumerable<RankingExample> examples,
        RankerTrainingOptions options,
        IProgress<RankerTrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        var rows = new RankingRows(options.Seed);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = options.Candidates.Threads, CancellationToken = cancellationToken };
        var images = 0;
        foreach (var (image, objects) in examples)
        {
            var small = image.ShrinkTo(options.Candidates.MaxSide);
            using var candidates = RankingCandidates.Find(small, options.Candidates, limits);
            rows.Draw(candidates, [.. objects.Select(box => box.Scale(image.Size, small.Size))]);
            progress?.Report(new RankerTrainingProgress(0, options.TreeCount) { ImageCount = ++images });
        }

        return rows.Targets.Count > 0
            ? rows
            : throw new ArgumentException("The examples give no candidates: there are none, or they show no edges.", nameof(examples));
    }

    /// <summary>Samples training rows from the candidates of an image with the given objects.</summary>
    public void Draw(RankingCandidates candidates, PixelBox[] objects)
    {
        for (var i = 0; i < candidates.Windows.Length; i++)
        {
            var (x, y, width, height) = candidates.Windows[i];
            var candidate = new PixelBox(x, y, x + width + 1, y + height + 1);
            var overlap = objects.Length == 0 ? 0 : objects.Max(candidate.IoU);
            if (random.NextDouble() >= (overlap > NearOverlap ? FractionOfNear : FractionOfOthers))
                continue;

            Features.Add(candidates.Features.Slice(i * BoxFeatures.Count, BoxFeatures.Count).ToArray());
            Targets.Add((float)Math.Clamp((overlap - MinOverlap) / (FullOverlap - MinOverlap), 0, 1));
        }
    }
}
