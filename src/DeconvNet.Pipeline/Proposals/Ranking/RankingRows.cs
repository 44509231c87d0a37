using DeconvNet.Imaging;

namespace DeconvNet.Proposals.Ranking;

/// <summary>Examples of ranking: features row by row, and what each candidate is worth.</summary>
internal sealed class RankingRows(int seed)
{
    // Below an overlap of 0.3 with every object a candidate is worth nothing, from 0.7 on everything.
    private const double NoWorth = 0.3;
    private const double FullWorth = 0.7;

    // Most candidates hit nothing: a fraction of them teaches as much.
    private const double NearOverlap = 0.4;
    private const double FractionOfNear = 0.5;
    private const double FractionOfOthers = 0.2;

    private readonly Random random = new(seed);

    public List<float[]> Features { get; } = [];

    public List<float> Worth { get; } = [];

    /// <summary>Draws examples from the candidates of every image.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static RankingRows Collect(
        IEnumerable<RankingExample> examples,
        RankerTrainingOptions options,
        IProgress<RankerTrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        var rows = new RankingRows(options.Seed);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = options.Candidates.MaxDegreeOfParallelism, CancellationToken = cancellationToken };
        var images = 0;
        foreach (var (image, objects) in examples)
        {
            var small = image.ShrinkTo(options.Candidates.MaxSide);
            var candidates = RankingCandidates.Find(small, options.Candidates, limits);
            rows.Draw(candidates, [.. objects.Select(box => box.Scale(image.Size, small.Size))]);
            progress?.Report(new RankerTrainingProgress(0, options.Trees) { Images = ++images });
        }

        return rows.Worth.Count > 0
            ? rows
            : throw new ArgumentException("The examples give no candidates: there are none, or they show no edges.", nameof(examples));
    }

    /// <summary>Draws examples from the candidates of an image with these objects.</summary>
    public void Draw(RankingCandidates candidates, PixelBox[] objects)
    {
        for (var i = 0; i < candidates.Windows.Length; i++)
        {
            var (x, y, width, height) = candidates.Windows[i];
            var candidate = new PixelBox(x, y, x + width + 1, y + height + 1);
            var overlap = objects.Length == 0 ? 0 : objects.Max(candidate.IoU);
            if (random.NextDouble() >= (overlap > NearOverlap ? FractionOfNear : FractionOfOthers))
                continue;

            Features.Add(candidates.Features.AsSpan(i * BoxFeatures.Count, BoxFeatures.Count).ToArray());
            Worth.Add((float)Math.Clamp((overlap - NoWorth) / (FullWorth - NoWorth), 0, 1));
        }
    }
}
