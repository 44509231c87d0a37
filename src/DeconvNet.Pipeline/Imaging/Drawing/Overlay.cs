namespace DeconvNet.Imaging.Drawing;

/// <summary>Shows a label map on its photo.</summary>
public static class Overlay
{
    private const float LineStrength = 1.5f;

    private static readonly Rgb White = new(255, 255, 255);

    /// <summary>
    /// Blends class colors over the photo, draws thin lines between classes, and adds a legend on a strip below, where it covers nothing.
    /// Background keeps the photo's colors. Needs no installed font.
    /// </summary>
    /// <param name="photo">The photo.</param>
    /// <param name="labels">Its classes, of the same size.</param>
    /// <param name="classNames">Names by class id; index 0 is background.</param>
    /// <param name="opacity">Weight of the class color, 0 (photo alone) … 1.</param>
    /// <returns>The photo's pixels at the upper left, the legend below; wider than the photo where a narrow one leaves no room for a name.</returns>
    /// <exception cref="ArgumentException">The sizes differ, or the picture would be too large for an array.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The opacity is not in 0 … 1.</exception>
    public static RgbImage Draw(RgbImage photo, LabelMap labels, IReadOnlyList<string> classNames, double opacity = 0.55)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classNames);
        if (photo.Width != labels.Width || photo.Height != labels.Height)
            throw new ArgumentException($"The labels have {labels.Width}×{labels.Height} pixels, the photo {photo.Width}×{photo.Height}.", nameof(labels));

        if (!(opacity is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(opacity), opacity, "The opacity must be 0 to 1.");

        // Letters of 14 pixels on a photo of 500×375, and as large in proportion on others; by area, so that a long strip keeps small ones.
        var scale = Math.Max(1, (int)Math.Round(Math.Sqrt((double)photo.Width * photo.Height) / 230));
        var legend = new Legend(labels, classNames, scale);
        if (3L * Math.Max(photo.Width, legend.Width) * (photo.Height + legend.Height) > Array.MaxLength)
            throw new ArgumentException($"A photo of {photo.Width}×{photo.Height} is too large to draw with a legend.", nameof(photo));

        var canvas = new Canvas(Math.Max(photo.Width, legend.Width), photo.Height + legend.Height);
        canvas.Fill(Legend.Paper);
        Tint(canvas, photo, labels, (float)opacity, Contours.Coverage(labels, scale / 4));
        legend.Draw(canvas, photo.Height);
        return new RgbImage(canvas.Width, canvas.Height, canvas.Pixels);
    }

    /// <summary>VOC's color of a class, brightened: the originals are so dark that tinted photos lose their detail.</summary>
    internal static Rgb Color(byte id)
    {
        var (red, green, blue) = VocPalette.Color(id);
        return new Rgb(Lift(red), Lift(green), Lift(blue));

        static byte Lift(byte value) => (byte)(255 * Math.Pow(value / 255.0, 0.5));
    }

    private static void Tint(Canvas canvas, RgbImage photo, LabelMap labels, float opacity, float[] lines)
    {
        var colors = new Rgb[256];
        for (var id = 0; id < 256; id++)
            colors[id] = Color((byte)id);

        for (var y = 0; y < photo.Height; y++)
        {
            photo.Pixels.Slice(3 * y * photo.Width, 3 * photo.Width).CopyTo(canvas.Pixels.AsSpan(3 * y * canvas.Width));
            for (var x = 0; x < photo.Width; x++)
            {
                var label = labels.Pixels[(y * photo.Width) + x];
                if (label != 0)
                    canvas.Blend(x, y, colors[label], opacity);

                canvas.Blend(x, y, White, LineStrength * lines[(y * photo.Width) + x]);
            }
        }
    }
}
