namespace DeconvNet.Crf;

/// <summary>
/// Puts the labels that win most pixels first: labels that are nowhere probable are soon left out of the filters, and those left are best together.
/// </summary>
internal static class LabelSlots
{
    private const int Sample = 16384;

    public static int[] Order(UnaryEnergies unaries)
    {
        var pixels = unaries.Width * unaries.Height;
        var wins = new int[unaries.LabelCount];
        for (var pixel = 0; pixel < pixels; pixel += Math.Max(1, pixels / Sample))
        {
            var best = 0;
            for (var label = 1; label < unaries.LabelCount; label++)
            {
                if (unaries.Values[(label * pixels) + pixel] < unaries.Values[(best * pixels) + pixel])
                    best = label;
            }

            wins[best]++;
        }

        return [.. Enumerable.Range(0, unaries.LabelCount).OrderByDescending(label => wins[label])];
    }
}
