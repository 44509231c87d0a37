using DeconvNet.Imaging;
using DeconvNet.Proposals.Edges;
using DeconvNet.Proposals.Search;

namespace DeconvNet.Proposals.Ranking;

/// <summary>The candidates in an image with their features, row by row.</summary>
internal sealed record RankingCandidates(Window[] Windows, float[] Features)
{
    private const int Chunk = 64;

    public static RankingCandidates Find(RgbImage image, EdgeBoxesOptions options, ParallelOptions limits)
    {
        // Much of the work before the search is sequential, so the color tables are built on other threads meanwhile.
        (EdgeSums? edges, ScoreTables? tables, ColorTables? colors) = (null, null, null);
        Parallel.Invoke(limits, () => (edges, tables) = Edges(image, options, limits.CancellationToken), () => colors = new ColorTables(image));
        limits.CancellationToken.ThrowIfCancellationRequested();
        return Measure(image, edges!, tables!, colors!, options, limits);
    }

    private static (EdgeSums Edges, ScoreTables Tables) Edges(RgbImage image, EdgeBoxesOptions options, CancellationToken cancellationToken)
    {
        var edges = new GradientEdges().Detect(image, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var (thin, orientation) = EdgeBoxes.Thin(edges, options);
        return (
            new EdgeSums(thin, orientation, options.EdgeMinMagnitude),
            new ScoreTables(thin.ToColumns(), orientation.ToColumns(), image.Width, image.Height, options, cancellationToken));
    }

    private static RankingCandidates Measure(
        RgbImage image, EdgeSums edges, ScoreTables tables, ColorTables colors, EdgeBoxesOptions options, ParallelOptions limits)
    {
        var found = new WindowSearch(tables, options).Run(limits.CancellationToken);
        var kept = WindowSuppression.Keep(found, options.Beta, options.Eta, options.MaxBoxes, limits.CancellationToken);
        if (kept.Count == 0)
            return new RankingCandidates([], []);

        var features = new float[kept.Count * BoxFeatures.Count];
        var measure = new BoxFeatures(image.Bounds, edges, tables, colors);
        Parallel.For(0, (kept.Count + Chunk - 1) / Chunk, limits, chunk =>
        {
            for (var i = chunk * Chunk; i < Math.Min(kept.Count, (chunk + 1) * Chunk); i++)
                measure.Measure(kept[i].Window, kept[i].Score, i, kept[0].Score, features.AsSpan(i * BoxFeatures.Count, BoxFeatures.Count));
        });
        return new RankingCandidates([.. kept.Select(scored => scored.Window)], features);
    }
}
