namespace DeconvNet.Proposals;

/// <summary>
/// Scores windows by the edges wholly inside them (Edge Boxes, section 3.2). It keeps working memory: one a thread.
/// </summary>
internal sealed class WindowScorer(ScoreTables tables)
{
    private readonly EdgeGroup[] groups = tables.Edges.Groups;
    private readonly Link[] links = tables.Edges.Links;
    private readonly int[] stamps = new int[tables.Edges.Groups.Length];
    private readonly int[] places = new int[tables.Edges.Groups.Length];
    private readonly int[] listed = new int[tables.Edges.Groups.Length];
    private readonly float[] weights = new float[tables.Edges.Groups.Length];
    private int stamp;
    private int count;

    /// <summary>Returns the score of a clipped window, or 0 if it is below <paramref name="least"/>.</summary>
    /// <remarks>
    /// All steps subtract non-negative numbers, and rounding keeps order, so that a window may be rejected as soon as what is left
    /// is too little: the outcome is that of the whole computation, bit for bit.
    /// </remarks>
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
        Spread(window);
        for (var i = crossing; i < count; i++)
            mass -= weights[i] * groups[listed[i]].Magnitude;

        var score = mass * norm;
        return score >= least ? score : 0;
    }

    /// <summary>Lists the groups on one side with weight 1 and takes off those whose place is inside.</summary>
    private float Cross(LabelRuns lines, int line, int from, int to, Window window, float mass)
    {
        var runs = lines.Runs;
        for (var i = lines.First(line, from); runs[i].Start <= to; i++)
        {
            var group = runs[i].Label;
            if (stamps[group] == stamp)
                continue;

            Append(group, 1);
            if (Holds(window, groups[group]))
                mass -= groups[group].Magnitude;
        }

        return mass;
    }

    /// <summary>Follows affinities from the crossing groups inwards; a group keeps the strongest path that reaches it.</summary>
    private void Spread(Window window)
    {
        for (var i = 0; i < count;)
        {
            var weight = weights[i];
            ref readonly var group = ref groups[listed[i]];
            var foremost = i + 1;
            for (var link = group.FirstLink; link < group.EndLink; link++)
            {
                var other = links[link].Other;
                var path = weight * links[link].Affinity;
                if (path < EdgeGroups.LeastAffinity)
                    continue;

                if (stamps[other] != stamp)
                {
                    if (Holds(window, groups[other]))
                        Append(other, path);
                }
                else if (path > weights[places[other]])
                {
                    weights[places[other]] = path;
                    foremost = Math.Min(foremost, places[other]);
                }
            }

            i = foremost;
        }
    }

    private void Append(int group, float weight)
    {
        stamps[group] = stamp;
        places[group] = count;
        listed[count] = group;
        weights[count++] = weight;
    }

    private static bool Holds(Window window, in EdgeGroup group)
        => (uint)(group.X - window.X) <= (uint)window.Width && (uint)(group.Y - window.Y) <= (uint)window.Height;
}
