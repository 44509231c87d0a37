using DeconvNet.Imaging;
using DeconvNet.Proposals.Search;

namespace DeconvNet.Proposals.Ranking;

/// <summary>Examples of ranking: features row by row, and what each candidate is worth.</summary>
internal sealed class RankingRows(int seed)
{
    // Below an overlap of 0.3 with every object a candidate is worth nothing, from 0.7 on everything.
    private const double NoWorth = 0.3;
    private const double FullWorth = 0.7;

    // Most candidates hit nothing: a part of them tells as much.
    private const double NearOverlap = 0.4;
    private const double ShareOfNear = 0.5;
    private const double ShareOfOthers = 0.2;

    private readonly Random random = new(seed);

    public List<float[]> Features { get; } = [];

    public List<float> Worth { get; } = [];

    /// <summary>Draws examples from the candidates of every image.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static RankingRows Collect(
        IEnumerable<(RgbImage Image, IReadOnlyList<PixelBox> Objects)> examples,
        RankerTrainingOptions options,
        IProgress<RankerTrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        var rows = new RankingRows(options.Seed);
        var search = new EdgeBoxes(options.Candidates);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = options.Candidates.MaxDegreeOfParallelism, CancellationToken = cancellationToken };
        var images = 0;
        foreach (var (image, objects) in examples)
        {
            var small = search.Shrink(image);
            var candidates = RankingCandidates.Find(small, options.Candidates, limits);
            rows.Draw(candidates, [.. objects.Select(box => EdgeBoxes.Enlarge(new Proposal(box, 0), image, small).Box)]);
            progress?.Report(new RankerTrainingProgress(++images, 0, double.NaN));
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
            if (random.NextDouble() >= (overlap > NearOverlap ? ShareOfNear : ShareOfOthers))
                continue;

            Features.Add(candidates.Features.AsSpan(i * BoxFeatures.Count, BoxFeatures.Count).ToArray());
            Worth.Add((float)Math.Clamp((overlap - NoWorth) / (FullWorth - NoWorth), 0, 1));
        }
    }
}
