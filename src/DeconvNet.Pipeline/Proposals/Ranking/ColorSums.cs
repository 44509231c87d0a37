using DeconvNet.Imaging;

namespace DeconvNet.Proposals.Ranking;

/// <summary>Color statistics of cells: sums and sums of squares of brightness, red-green and yellow-blue, and a histogram of 64 bins.</summary>
internal static class ColorSums
{
    /// <summary>First channel of the histogram, after three sums, three sums of squares and the number of pixels.</summary>
    public const int Histogram = 16;

    public const int Bins = 64;

    public const int Channels = Histogram + Bins;

    // The ranker was trained with squares in this unit.
    private const int SmallestUnit = 16;

    /// <summary>The unit of the sums of squares, chosen so that they fit in 32 bits: 16 up to half a million pixels.</summary>
    public static int SquareUnit(PixelBox image)
    {
        var unit = SmallestUnit;
        while (255L * 255 / unit * image.Area > int.MaxValue)
            unit *= 2;

        return unit;
    }

    public static CellSums Of(RgbImage image)
    {
        var unit = SquareUnit(image.Bounds);
        var (columns, rows) = ((image.Width + CellSums.Side - 1) / CellSums.Side, (image.Height + CellSums.Side - 1) / CellSums.Side);
        var sums = new CellSums(columns, rows, Channels);
        var pixels = image.Pixels;
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++)
            {
                var at = 3 * ((y * image.Width) + x);
                int red = pixels[at], green = pixels[at + 1], blue = pixels[at + 2];
                var bright = (red + green + blue) / 3;
                var redGreen = (red - green) / 2;
                var yellowBlue = (red + green - (2 * blue)) / 4;
                var cell = sums.Cell(x / CellSums.Side, y / CellSums.Side);
                cell[0] += bright;
                cell[1] += redGreen;
                cell[2] += yellowBlue;
                cell[3] += bright * bright / unit;
                cell[4] += redGreen * redGreen / unit;
                cell[5] += yellowBlue * yellowBlue / unit;
                cell[6]++;
                cell[Histogram + (16 * (bright >> 6)) + (4 * Bin(redGreen)) + Bin(yellowBlue)]++;
            }
        }

        return sums.AddUp();
    }

    // Most pixels of photos are nearly gray, so the middle bins are narrow.
    private static int Bin(int difference) => difference < 0 ? (difference < -12 ? 0 : 1) : (difference < 12 ? 2 : 3);
}
