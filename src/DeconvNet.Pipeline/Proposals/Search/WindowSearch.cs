using System.Collections.Concurrent;

namespace DeconvNet.Proposals.Search;

/// <summary>Searches for windows with a high score: a grid of sizes, shapes and positions, then greedy refinement of each hit (Edge Boxes, section 3.3).</summary>
internal sealed class WindowSearch(ScoreTables tables, EdgeBoxesOptions options)
{
    private const int Chunk = 64;
    private const int UsualStarts = 1 << 16;

    // One step of the grid moves or scales a window to an IoU of alpha with its neighbor.
    private readonly float step = (1 - options.Alpha) / (1 + options.Alpha);

    /// <summary>Number of grid windows that were scored, to compare with reference counts.</summary>
    public int GridCount { get; private set; }

    /// <summary>Returns the refined windows with a score, in grid order for any number of threads.</summary>
    public ScoredWindow[] Run(CancellationToken cancellationToken)
    {
        using var grid = Grid(out var count, cancellationToken);
        using var scratch = new ScratchArray<ScoredWindow>(count);
        var (starts, refined) = (grid.Array, scratch.Array);
        if (count > 0)
        {
            var limits = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken };
            Parallel.ForEach(
                Partitioner.Create(0, count, Chunk),
                limits,
                () => new WindowScorer(tables),
                (range, _, scorer) =>
                {
                    for (var i = range.Item1; i < range.Item2; i++)
                        refined[i] = Refine(starts[i], scorer);
                    return scorer;
                },
                _ => { });
        }

        var scored = 0;
        foreach (var window in scratch.Span)
        {
            if (window.Score != 0)
                refined[scored++] = window;
        }

        return refined[..scored];
    }

    /// <summary>The clipped grid windows whose score may reach <see cref="EdgeBoxesOptions.MinScore"/>.</summary>
    private ScratchArray<Window> Grid(out int count, CancellationToken cancellationToken)
    {
        var starts = new ScratchArray<Window>(UsualStarts);
        count = 0;
        var (width, height) = (tables.Width, tables.Height);
        var minSize = MathF.Sqrt(options.MinBoxArea);
        var scaleStep = MathF.Sqrt(1 / options.Alpha);
        var aspectStep = (1 + options.Alpha) / (2 * options.Alpha);
        var aspects = (int)(MathF.Log(options.MaxAspectRatio) / MathF.Log(aspectStep * aspectStep));
        var scales = (int)MathF.Ceiling(MathF.Log(Math.Max(width, height) / minSize) / MathF.Log(scaleStep));
        for (var scale = 0; scale < scales; scale++)
        {
            for (var aspect = -aspects; aspect <= aspects; aspect++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var size = minSize * MathF.Pow(scaleStep, scale);
                var ratio = MathF.Pow(aspectStep, aspect);
                var (h, w) = ((int)(size / ratio), (int)(size * ratio));
                var stepX = Math.Max(2, (int)(w * step));
                var stepY = Math.Max(2, (int)(h * step));
                for (var x = 0; x < width - w + stepX; x += stepX)
                {
                    for (var y = 0; y < height - h + stepY; y += stepY)
                    {
                        GridCount++;
                        var window = new Window(x, y, w, h).Clip(width, height);
                        var (mass, norm) = tables.Bound(window);
                        if (!(mass * norm >= options.MinScore))
                            continue;
                        if (count == starts.Array.Length)
                            starts = Doubled(starts);
                        starts.Array[count++] = window;
                    }
                }
            }
        }

        return starts;
    }

    private static ScratchArray<Window> Doubled(ScratchArray<Window> windows)
    {
        using (windows)
        {
            var doubled = new ScratchArray<Window>(checked(2 * windows.Array.Length));
            windows.Array.CopyTo(doubled.Array, 0);
            return doubled;
        }
    }

    private ScoredWindow Refine(Window start, WindowScorer scorer)
    {
        var best = new ScoredWindow(start, scorer.Score(start, options.MinScore));
        if (best.Score == 0)
            return best;

        var dx = (int)(start.Width * step);
        var dy = (int)(start.Height * step);
        while (true)
        {
            (dx, dy) = (dx / 2, dy / 2);
            if (dx <= 2 && dy <= 2)
                return best;

            (dx, dy) = (Math.Max(1, dx), Math.Max(1, dy));
            Move(scorer, ref best, 0, -dy, 0, dy);
            Move(scorer, ref best, 0, 0, 0, dy);
            Move(scorer, ref best, -dx, 0, dx, 0);
            Move(scorer, ref best, 0, 0, dx, 0);
        }
    }

    /// <summary>Grows the best window on one side or, if that is not better, shrinks it there.</summary>
    private void Move(WindowScorer scorer, ref ScoredWindow best, int x, int y, int width, int height)
    {
        if (!Try(scorer, ref best, x, y, width, height))
            Try(scorer, ref best, -x, -y, -width, -height);
    }

    private bool Try(WindowScorer scorer, ref ScoredWindow best, int x, int y, int width, int height)
    {
        var (from, min) = (best.Window, MathF.BitIncrement(best.Score));
        var window = new Window(from.X + x, from.Y + y, from.Width + width, from.Height + height).Clip(tables.Width, tables.Height);
        var score = scorer.Score(window, min);
        if (score == 0)
            return false;

        best = new ScoredWindow(window, score);
        return true;
    }
}
