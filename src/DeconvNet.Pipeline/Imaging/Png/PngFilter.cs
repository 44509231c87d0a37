namespace DeconvNet.Imaging.Png;

/// <summary>The five row filters of PNG for pixels of at most one byte.</summary>
internal static class PngFilter
{
    /// <summary>Restores <paramref name="row"/> in place; false if the filter type is unknown.</summary>
    /// <param name="filter">The filter type, which is the byte before the row.</param>
    /// <param name="row">The filtered row.</param>
    /// <param name="above">The restored previous row; zeros for the first.</param>
    public static bool Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above)
    {
        byte left = 0, corner = 0;
        switch (filter)
        {
            case 0:
                return true;
            case 1:
                foreach (ref var value in row)
                    value = left = (byte)(value + left);

                return true;
            case 2:
                for (var x = 0; x < row.Length; x++)
                    row[x] += above[x];

                return true;
            case 3:
                for (var x = 0; x < row.Length; x++)
                    row[x] = left = (byte)(row[x] + ((left + above[x]) >> 1));

                return true;
            case 4:
                for (var x = 0; x < row.Length; x++)
                {
                    row[x] = left = (byte)(row[x] + Paeth(left, above[x], corner));
                    corner = above[x];
                }

                return true;
            default:
                return false;
        }
    }

    private static int Paeth(int left, int above, int corner)
    {
        var toLeft = Math.Abs(above - corner);
        var toAbove = Math.Abs(left - corner);
        var toCorner = Math.Abs(left + above - (2 * corner));
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }
}
