using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DeconvNet.Proposals;

/// <summary>
/// Scores windows by the edges wholly inside them (Edge Boxes, section 3.2). It keeps working memory: one a thread.
/// </summary>
/// <remarks>
/// All steps subtract non-negative numbers, and rounding keeps order, so that a window may be rejected as soon as what is left is
/// too little: the outcome is that of the whole computation, bit for bit. Array bounds are not checked here, in the one place where
/// that shows in the time of the whole: every index comes from <see cref="ScoreTables"/>, and a group is listed once.
/// </remarks>
internal sealed class WindowScorer(ScoreTables tables)
{
    // Sums in another order differ by less than this per group and unit of mass (float32 rounds by at most 2⁻²⁴).
    private const double RoundingPerGroup = 1.0 / (1 << 23);

    private readonly EdgeGroup[] groups = tables.Edges.Groups;
    private readonly Link[] links = tables.Edges.Links;
    private readonly Visit[] visits = new Visit[tables.Edges.Groups.Length];
    private readonly Entry[] entries = new Entry[tables.Edges.Groups.Length];
    private int stamp;
    private int count;

    /// <summary>Returns the score of a clipped window, or 0 if it is below <paramref name="least"/>.</summary>
    public float Score(Window window, float least)
    {
        var (mass, norm) = tables.Bound(window);
        if (!(mass * norm >= least))
            return 0;

        var (x0, y0, width, height) = window;
        var (x1, y1) = (x0 + width, y0 + height);
        count = 0;
        stamp++;
        mass = Cross(tables.Rows, y0, x0, x1, window, mass);
        mass = Cross(tables.Rows, y1, x0, x1, window, mass);
        mass = Cross(tables.Columns, x0, y0, y1, window, mass);
        mass = Cross(tables.Columns, x1, y0, y1, window, mass);
        if (!(mass * norm >= least))
            return 0;

        var crossing = count;
        var margin = mass * (groups.Length + 16) * RoundingPerGroup;
        if (!Spread(window, mass, (least / norm) - margin))
            return 0;

        foreach (var entry in entries.AsSpan(crossing, count - crossing))
            mass -= entry.Weight * groups[entry.Group].Magnitude;

        var score = mass * norm;
        return score >= least ? score : 0;
    }

    /// <summary>Takes off the groups on one side whose place is inside, and lists those from which affinities lead on, with weight 1.</summary>
    private float Cross(LabelRuns lines, int line, int from, int to, Window window, float mass)
    {
        ref var run = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(lines.Runs), lines.First(line, from));
        for (; run.Start <= to; run = ref Unsafe.Add(ref run, 1))
        {
            ref var visit = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(visits), run.Label);
            if (visit.Stamp == stamp)
                continue;

            ref var group = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(groups), run.Label);
            visit.Stamp = stamp;
            if (group.FirstLink != group.EndLink)
            {
                visit.Place = count;
                Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(entries), count++) = new Entry(run.Label, 1);
            }

            if (Holds(window, group))
                mass -= group.Magnitude;
        }

        return mass;
    }

    /// <summary>
    /// Follows affinities from the crossing groups inwards; a group keeps the strongest path that reaches it.
    /// False as soon as the mass certainly falls below <paramref name="least"/>.
    /// </summary>
    private bool Spread(Window window, double mass, double least)
    {
        ref var firstGroup = ref MemoryMarshal.GetArrayDataReference(groups);
        ref var firstLink = ref MemoryMarshal.GetArrayDataReference(links);
        ref var firstVisit = ref MemoryMarshal.GetArrayDataReference(visits);
        ref var firstEntry = ref MemoryMarshal.GetArrayDataReference(entries);
        var listed = count;
        for (var i = 0; i < listed;)
        {
            var (index, weight) = Unsafe.Add(ref firstEntry, i);
            ref var group = ref Unsafe.Add(ref firstGroup, index);
            var foremost = i + 1;
            for (var at = group.FirstLink; at < group.EndLink; at++)
            {
                var (other, affinity) = Unsafe.Add(ref firstLink, at);
                var path = weight * affinity;
                if (path < EdgeGroups.LeastAffinity)
                    continue;

                ref var visit = ref Unsafe.Add(ref firstVisit, other);
                ref var reached = ref Unsafe.Add(ref firstGroup, other);
                if (visit.Stamp != stamp)
                {
                    if (!Holds(window, reached))
                        continue;

                    visit = new Visit(stamp, listed);
                    Unsafe.Add(ref firstEntry, listed++) = new Entry(other, path);
                    mass -= path * reached.Magnitude;
                }
                else if (Unsafe.Add(ref firstEntry, visit.Place).Weight is var known && path > known)
                {
                    Unsafe.Add(ref firstEntry, visit.Place) = new Entry(other, path);
                    foremost = Math.Min(foremost, visit.Place);
                    mass -= (path - known) * reached.Magnitude;
                }
            }

            if (mass < least)
                return false;
            i = foremost;
        }

        count = listed;
        return true;
    }

    private static bool Holds(Window window, in EdgeGroup group)
        => ((uint)(group.X - window.X) <= (uint)window.Width) & ((uint)(group.Y - window.Y) <= (uint)window.Height);

    /// <summary>The last window that met a group, and the group's place in its list.</summary>
    private record struct Visit(int Stamp, int Place);

    /// <summary>A group with the weight at which it counts as crossing the border.</summary>
    private readonly record struct Entry(int Group, float Weight);
}
