using DeconvNet.Imaging;
using DeconvNet.Proposals.Edges;

namespace DeconvNet.Proposals.Search;

/// <summary>
/// Edge Boxes (Zitnick and Dollár, ECCV 2014): a box scores high if it fully encloses many contours.
/// Edges come from <see cref="GradientEdges"/> or another detector.
/// </summary>
/// <remarks>
/// Thread-safe and reusable: results are bit-identical for any number of threads.
/// Scoring, search and non-maximum suppression follow OpenCV's <c>ximgproc.EdgeBoxes</c>, whose scores are about 5.66 times those of the paper.
/// Boxes here are half-open and 0-based. OpenCV writes <c>x + 1, y + 1, w, h</c> for the pixels from <c>x</c> to <c>x + w</c>
/// inclusive: its line <c>X Y W H</c> is the box <c>(X − 1, Y − 1, X + W, Y + H)</c>.
/// </remarks>
public sealed class EdgeBoxes : IProposalGenerator
{
    /// <summary>Creates a generator.</summary>
    /// <param name="options">Parameters; the published ones if null.</param>
    /// <param name="detector">The edge detector; <see cref="GradientEdges"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public EdgeBoxes(EdgeBoxesOptions? options = null, IEdgeDetector? detector = null)
    {
        Detector = detector ?? new GradientEdges();
        Options = options ?? new EdgeBoxesOptions();
        Options.Validate();
    }

    /// <summary>The parameters.</summary>
    public EdgeBoxesOptions Options { get; }

    /// <summary>The edge detector.</summary>
    public IEdgeDetector Detector { get; }

    /// <summary>Everything that determines the proposals, as text.</summary>
    public override string ToString() => $"EdgeBoxes {{ {Options}, {Detector} }}";

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxCount"/> is below 1.</exception>
    /// <exception cref="ArgumentException">The detector's map differs in size from the image, or has a value that is not finite.</exception>
    public IReadOnlyList<Proposal> Generate(RgbImage image, int maxCount, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        cancellationToken.ThrowIfCancellationRequested();

        var small = image.ShrinkTo(Options.MaxSide);
        var edges = Detector.Detect(small, cancellationToken);
        if ((edges.Width, edges.Height) != (small.Width, small.Height))
            throw new ArgumentException($"The detector gave an edge map of {edges.Width}×{edges.Height} for an image of {small.Size}; the sizes must be equal.", nameof(image));

        cancellationToken.ThrowIfCancellationRequested();
        var (thin, orientation) = Thin(edges, Options);
        var proposals = Generate(thin, orientation, maxCount, cancellationToken);
        thin.Release();
        orientation.Release();
        return [.. proposals.Select(proposal => proposal with { Box = proposal.Box.Scale(small.Size, image.Size) })];
    }

    /// <summary>Finds boxes on a given edge map, at its own size (<see cref="EdgeBoxesOptions.MaxSide"/> is not applied).</summary>
    /// <param name="edges">Edge strengths after non-maximum suppression (<see cref="EdgeSuppression"/>), about 0 … 1, all finite.</param>
    /// <param name="orientation">Directions across the edges in radians, 0 … π (<see cref="EdgeOrientation"/>), of the same size.</param>
    /// <param name="maxCount">Maximum number of proposals, at least 1.</param>
    /// <param name="cancellationToken">Cancels the search with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>Proposals, best first; empty if there are no edges or the map is too small.</returns>
    /// <exception cref="ArgumentException">The sizes differ, a strength is NaN or infinite, or a direction is out of range.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxCount"/> is below 1.</exception>
    internal IReadOnlyList<Proposal> Generate(
        EdgeMap edges, EdgeMap orientation, int maxCount = int.MaxValue, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(edges);
        ArgumentNullException.ThrowIfNull(orientation);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        edges.RequireFinite(nameof(edges));
        orientation.RequireWithin(0, MathF.PI, nameof(orientation));
        orientation.RequireSizeOf(edges, nameof(orientation));

        using var tables = new ScoreTables(edges, orientation, Options, cancellationToken);
        var windows = new WindowSearch(tables, Options).Run(cancellationToken);
        return Select(windows, Options, maxCount, cancellationToken);
    }

    /// <summary>Suppresses overlapping windows and converts the others to half-open boxes.</summary>
    internal static List<Proposal> Select(
        ScoredWindow[] windows, EdgeBoxesOptions options, int maxCount, CancellationToken cancellationToken)
    {
        var kept = WindowSuppression.Keep(windows, options.Beta, options.Eta, Math.Min(maxCount, options.MaxBoxes), cancellationToken);
        return kept.ConvertAll(static scored =>
        {
            var (x, y, width, height) = scored.Window;
            return new Proposal(new PixelBox(x, y, x + width + 1, y + height + 1), scored.Score);
        });
    }

    /// <summary>Directions across the edges, and the edges after non-maximum suppression.</summary>
    internal static (EdgeMap Thin, EdgeMap Orientation) Thin(EdgeMap edges, EdgeBoxesOptions options)
    {
        var orientation = EdgeOrientation.Compute(edges, ignored: options.EdgeMinMagnitude, threads: options.Threads);
        return (EdgeSuppression.Suppress(edges, orientation, ignored: options.EdgeMinMagnitude, threads: options.Threads), orientation);
    }
}
