using DeconvNet.Imaging;
using DeconvNet.Proposals.Edges;
using DeconvNet.Proposals.Search;

namespace DeconvNet.Proposals.Ranking;

/// <summary>The candidates in an image with their features, row by row.</summary>
internal sealed class RankingCandidates : IDisposable
{
    private const int Chunk = 64;

    private readonly ScratchArray<float> features;

    private RankingCandidates(Window[] windows)
    {
        Windows = windows;
        features = new ScratchArray<float>(windows.Length * BoxFeatures.Count);
    }

    public Window[] Windows { get; }

    public ReadOnlySpan<float> Features => features.Span;

    public static RankingCandidates Find(RgbImage image, EdgeBoxesOptions options, ParallelOptions limits)
    {
        // Much of the work before the search is sequential, so the color tables are built on other threads meanwhile.
        (EdgeSums? edges, ScoreTables? tables, ColorTables? colors) = (null, null, null);
        Parallel.Invoke(limits, () => (edges, tables) = Edges(image, options, limits), () => colors = new ColorTables(image));
        limits.CancellationToken.ThrowIfCancellationRequested();
        using (edges)
        using (tables)
        using (colors)
            return Measure(image, edges!, tables!, colors!, options, limits);
    }

    private static (EdgeSums Edges, ScoreTables Tables) Edges(RgbImage image, EdgeBoxesOptions options, ParallelOptions limits)
    {
        var edges = GradientEdges.DetectInScratch(image);
        limits.CancellationToken.ThrowIfCancellationRequested();
        var (thin, orientation) = EdgeBoxes.Thin(edges, options);
        (EdgeSums? sums, ScoreTables? tables) = (null, null);
        Parallel.Invoke(
            limits,
            () => tables = new ScoreTables(thin, orientation, options, limits.CancellationToken),
            () => sums = new EdgeSums(thin, orientation, options.EdgeMinMagnitude));
        edges.Release();
        thin.Release();
        orientation.Release();
        return (sums!, tables!);
    }

    private static RankingCandidates Measure(
        RgbImage image, EdgeSums edges, ScoreTables tables, ColorTables colors, EdgeBoxesOptions options, ParallelOptions limits)
    {
        var found = new WindowSearch(tables, options).Run(limits.CancellationToken);
        var kept = WindowSuppression.Keep(found, options.Beta, options.Eta, options.MaxBoxes, limits.CancellationToken);
        var candidates = new RankingCandidates([.. kept.Select(scored => scored.Window)]);
        var measure = new BoxFeatures(image.Bounds, edges, tables, colors);
        Parallel.For(0, (kept.Count + Chunk - 1) / Chunk, limits, chunk =>
        {
            for (var i = chunk * Chunk; i < Math.Min(kept.Count, (chunk + 1) * Chunk); i++)
                measure.Measure(kept[i].Window, kept[i].Score, i, kept[0].Score, candidates.features.Span.Slice(i * BoxFeatures.Count, BoxFeatures.Count));
        });
        return candidates;
    }

    public void Dispose() => features.Dispose();
}
