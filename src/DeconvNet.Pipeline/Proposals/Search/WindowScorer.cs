using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DeconvNet.Proposals.Search;

/// <summary>
/// Scores windows by the contours fully inside them (Edge Boxes, section 3.2). It has scratch memory, so use one per thread.
/// </summary>
/// <remarks>
/// All steps subtract non-negative numbers, and rounding is monotonic, so a window can be rejected as soon as the remainder is too small: the result
/// is bit-identical to the full computation. Array bounds are not checked here, where checks would take noticeable time: every index
/// comes from <see cref="ScoreTables"/>, and a group is listed once. The search of the first photo would be over before tiered compilation optimized the loops.
/// </remarks>
internal sealed class WindowScorer
{
    // Sums in a different order differ by less than this per group and unit of mass (float32 rounds by at most 2⁻²⁴).
    private const double RoundingPerGroup = 1.0 / (1 << 23);

    private readonly ScoreTables tables;
    private readonly Link[] links;
    private readonly Node[] nodes;
    private readonly int[] listed;
    private int stamp;
    private int count;

    /// <summary>Prepares for the windows of one image.</summary>
    public WindowScorer(ScoreTables tables)
    {
        this.tables = tables;
        links = tables.Edges.Links;
        nodes = Array.ConvertAll(tables.Edges.Groups, group => new Node(group));
        listed = new int[nodes.Length + 1];
    }

    /// <summary>Returns the score of a clipped window, or 0 if it is below <paramref name="min"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float Score(Window window, float min)
    {
        var (mass, norm) = tables.Bound(window);
        if (!(mass * norm >= min))
            return 0;

        var (x0, y0, width, height) = window;
        var (x1, y1) = (x0 + width, y0 + height);
        count = 0;
        stamp++;
        mass = Cross(tables.Rows, y0, x0, x1, window, mass);
        mass = Cross(tables.Rows, y1, x0, x1, window, mass);
        if (!(mass * norm >= min))
            return 0;

        mass = Cross(tables.Columns, x0, y0, y1, window, mass);
        mass = Cross(tables.Columns, x1, y0, y1, window, mass);
        if (!(mass * norm >= min))
            return 0;

        var crossing = count;
        var margin = mass * (nodes.Length + 16) * RoundingPerGroup;
        if (!Spread(window, mass, (min / norm) - margin))
            return 0;

        ref var firstNode = ref MemoryMarshal.GetArrayDataReference(nodes);
        foreach (var group in listed.AsSpan(crossing, count - crossing))
        {
            ref var node = ref Unsafe.Add(ref firstNode, group);
            mass -= node.Weight * node.Magnitude;
        }

        var score = mass * norm;
        return score >= min ? score : 0;
    }

    /// <summary>Subtracts the groups along one side that lie inside, and lists those with affinities, with weight 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Cross(LabelRuns lines, int line, int from, int to, Window window, float mass)
    {
        ref var firstNode = ref MemoryMarshal.GetArrayDataReference(nodes);
        ref var firstListed = ref MemoryMarshal.GetArrayDataReference(listed);
        var (stamp, count) = (this.stamp, this.count);
        ref var run = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(lines.Runs), lines.First(line, from));
        for (; run.Start <= to; run = ref Unsafe.Add(ref run, 1))
        {
            ref var node = ref Unsafe.Add(ref firstNode, run.Label);
            if (node.Stamp == stamp)
                continue;

            // Branchless, since whether a group has links or lies inside is unpredictable.
            (node.Stamp, node.Place, node.Weight) = (stamp, count, 1);
            Unsafe.Add(ref firstListed, count) = run.Label;
            count += (int)((uint)(node.FirstLink - node.EndLink) >> 31);
            mass -= BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(node.Magnitude) & Mask(window, node));
        }

        this.count = count;
        return mass;
    }

    /// <summary>
    /// Follows affinities inward from the crossing groups; a group keeps the strongest path that reaches it.
    /// False as soon as the mass is certain to fall below <paramref name="min"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Spread(Window window, double mass, double min)
    {
        ref var firstNode = ref MemoryMarshal.GetArrayDataReference(nodes);
        ref var firstLink = ref MemoryMarshal.GetArrayDataReference(links);
        ref var firstListed = ref MemoryMarshal.GetArrayDataReference(listed);
        var now = stamp;
        var end = count;
        for (var i = 0; i < end;)
        {
            ref var node = ref Unsafe.Add(ref firstNode, Unsafe.Add(ref firstListed, i));
            var weight = node.Weight;
            var foremost = i + 1;
            ref var link = ref Unsafe.Add(ref firstLink, node.FirstLink);
            ref var lastLink = ref Unsafe.Add(ref firstLink, node.EndLink);
            for (; Unsafe.IsAddressLessThan(ref link, ref lastLink); link = ref Unsafe.Add(ref link, 1))
            {
                var path = weight * link.Affinity;
                if (path < EdgeGroups.MinAffinity)
                    continue;

                ref var reached = ref Unsafe.Add(ref firstNode, link.Other);
                if (reached.Stamp != now)
                {
                    if (Mask(window, reached) == 0)
                        continue;

                    (reached.Stamp, reached.Place, reached.Weight) = (now, end, path);
                    Unsafe.Add(ref firstListed, end++) = link.Other;
                    mass -= path * reached.Magnitude;
                }
                else if (path > reached.Weight)
                {
                    mass -= (path - reached.Weight) * reached.Magnitude;
                    reached.Weight = path;
                    foremost = Math.Min(foremost, reached.Place);
                }
            }

            if (mass < min)
                return false;
            i = foremost;
        }

        count = end;
        return true;
    }

    /// <summary>All bits set if the group's position is inside the window, else none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Mask(Window window, in Node group)
    {
        // Negative if a coordinate is outside on either side.
        var left = group.X - window.X;
        var top = group.Y - window.Y;
        return ~((left | (window.Width - left) | top | (window.Height - top)) >> 31);
    }

    /// <summary>A group with its state for the current window, so that everything read of a group is adjacent in memory.</summary>
    private struct Node(EdgeGroup group)
    {
        public readonly float Magnitude = group.Magnitude;
        public readonly int X = group.X;
        public readonly int Y = group.Y;
        public readonly int FirstLink = group.FirstLink;
        public readonly int EndLink = group.EndLink;

        /// <summary>The last window that visited the group.</summary>
        public int Stamp;

        /// <summary>Its index in that window's list.</summary>
        public int Place;

        /// <summary>The weight with which it counts as crossing the border, 0 … 1.</summary>
        public float Weight;
    }
}
