using DeconvNet.Imaging;

namespace DeconvNet.Proposals;

/// <summary>The candidates of an image with their features, row by row.</summary>
internal sealed record RankingCandidates(Window[] Windows, float[] Features)
{
    private const int Chunk = 64;

    public static RankingCandidates Find(RgbImage image, EdgeBoxesOptions options, ParallelOptions limits)
    {
        var edges = GradientEdges.Detect(image);
        limits.CancellationToken.ThrowIfCancellationRequested();
        var orientation = EdgeOrientation.Compute(edges, EdgeOrientation.UsualRadius, options.EdgeMinMagnitude);
        var thin = EdgeSuppression.Suppress(edges, orientation, radius: 2, border: 0, multiplier: 1, options.EdgeMinMagnitude);
        var tables = new ScoreTables(thin.ToColumns(), orientation.ToColumns(), image.Width, image.Height, options, limits.CancellationToken);
        var found = new WindowSearch(tables, options).Run(limits.CancellationToken);
        var kept = WindowSuppression.Keep(found, options.Beta, options.Eta, options.MaxBoxes, limits.CancellationToken);
        if (kept.Count == 0)
            return new RankingCandidates([], []);

        var features = new float[kept.Count * BoxFeatures.Count];
        var measure = new BoxFeatures(image, thin, orientation, tables, options.EdgeMinMagnitude, limits);
        Parallel.For(0, (kept.Count + Chunk - 1) / Chunk, limits, chunk =>
        {
            for (var i = chunk * Chunk; i < Math.Min(kept.Count, (chunk + 1) * Chunk); i++)
                measure.Measure(kept[i].Window, kept[i].Score, i, kept[0].Score, features.AsSpan(i * BoxFeatures.Count, BoxFeatures.Count));
        });
        return new RankingCandidates([.. kept.Select(scored => scored.Window)], features);
    }
}
