namespace DeconvNet.Imaging.Drawing;

/// <summary>Draws a label map over its photo.</summary>
public static class Overlay
{
    private const float LineStrength = 1.35f;
    private const float HaloStrength = 0.6f;
    private const float PlateStrength = 0.88f;

    private static readonly Rgb White = new(255, 255, 255);
    private static readonly Rgb Dark = new(16, 17, 22);

    /// <summary>
    /// Blends class colors over the photo, outlines each class, and adds a legend. Background keeps the photo's colors. Works without installed fonts.
    /// The text of the legend depends on the installed fonts, all other pixels only on the arguments.
    /// </summary>
    /// <param name="photo">The photo.</param>
    /// <param name="labels">Its classes, of the same size.</param>
    /// <param name="classNames">Names by class id; index 0 is background.</param>
    /// <param name="options">The options; <see cref="OverlayOptions.Default"/> if null.</param>
    /// <returns>A picture with the photo at the upper left; a legend below may be wider than a narrow photo.</returns>
    /// <exception cref="ArgumentException">The sizes differ, an option is out of range, a class or font does not exist, or the picture would be too large for an array.</exception>
    public static RgbImage Draw(RgbImage photo, LabelMap labels, IReadOnlyList<string> classNames, OverlayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classNames);
        options ??= OverlayOptions.Default;
        options.Validate();
        if (photo.Width != labels.Width || photo.Height != labels.Height)
            throw new ArgumentException($"The labels have {labels.Width}×{labels.Height} pixels, the photo {photo.Width}×{photo.Height}.", nameof(labels));

        var shown = options.Classes is null ? null : Ids(options, classNames);
        var visible = shown is null ? labels : Only(shown, labels);

        // Capitals of 14 pixels on a photo of 500×375, scaled with the square root of the area, so that a long strip gets small ones.
        var scale = Math.Max(1, (int)Math.Round(Math.Sqrt((double)photo.Width * photo.Height) / 230));
        if (options.Legend == LegendPlacement.None || shown is { Length: 0 })
            return Finish(Tinted(photo, visible, options, scale, photo.Width, photo.Height));

        if (options.Legend == LegendPlacement.Inside)
        {
            var plate = new Legend(visible, shown, classNames, options, Math.Max(1, scale * 3 / 4), maxColumns: 1);
            if (plate.Width + (4 * scale) <= photo.Width && plate.Height + (4 * scale) <= photo.Height)
                return WithPlate(Tinted(photo, visible, options, scale, photo.Width, photo.Height), plate, visible, scale);
        }

        var legend = new Legend(visible, shown, classNames, options, scale);
        if (3L * Math.Max(photo.Width, legend.Width) * (photo.Height + legend.Height) > Array.MaxLength)
            throw new ArgumentException($"A photo of {photo.Width}×{photo.Height} is too large to draw with a legend.", nameof(photo));

        var canvas = Tinted(photo, visible, options, scale, Math.Max(photo.Width, legend.Width), photo.Height + legend.Height);
        legend.Draw(canvas, 0, photo.Height);
        return Finish(canvas);
    }

    private static RgbImage WithPlate(Canvas picture, Legend plate, LabelMap labels, int scale)
    {
        var (left, top) = Corner(labels, plate.Width, plate.Height, 2 * scale);
        picture.FillRounded(left, top, plate.Width, plate.Height, 3 * scale, Legend.Paper, PlateStrength);
        plate.Draw(picture, left, top);
        return Finish(picture);
    }

    private static RgbImage Finish(Canvas canvas) => new(canvas.Width, canvas.Height, canvas.Pixels);

    private static byte[] Ids(OverlayOptions options, IReadOnlyList<string> classNames)
    {
        var ids = new List<byte>();
        foreach (var name in options.Classes!)
        {
            var id = 0;
            while (id < classNames.Count && classNames[id] != name)
                id++;
            if (id == classNames.Count)
                throw new ArgumentException($"OverlayOptions.Classes names '{name}'; the classes are {string.Join(", ", classNames)}.", nameof(options));
            ids.Add((byte)id);
        }

        return [.. ids];
    }

    private static LabelMap Only(byte[] shown, LabelMap labels)
    {
        var kept = labels.Pixels.ToArray();
        for (var i = 0; i < kept.Length; i++)
            kept[i] = shown.Contains(kept[i]) ? kept[i] : (byte)0;
        return new LabelMap(labels.Width, labels.Height, kept);
    }

    /// <summary>The corner where a plate covers the fewest class pixels; the lower left in case of a tie.</summary>
    private static (int Left, int Top) Corner(LabelMap labels, int width, int height, int margin)
    {
        var (right, bottom) = (labels.Width - width - margin, labels.Height - height - margin);
        return new[] { (margin, bottom), (right, bottom), (margin, margin), (right, margin) }.MinBy(corner =>
        {
            var (left, top) = corner;
            var covered = 0;
            for (var y = top; y < top + height; y++)
                covered += width - labels.Pixels.Slice((y * labels.Width) + left, width).Count((byte)0);
            return covered;
        });
    }

    private static Canvas Tinted(RgbImage photo, LabelMap labels, OverlayOptions options, int scale, int width, int height)
    {
        var canvas = new Canvas(width, height);
        canvas.Fill(Legend.Paper);
        Rgb[] colors = [.. Enumerable.Range(0, 256).Select(id => options.Color((byte)id))];
        for (var y = 0; y < photo.Height; y++)
        {
            photo.Pixels.Slice(3 * y * photo.Width, 3 * photo.Width).CopyTo(canvas.Pixels.AsSpan(3 * y * canvas.Width));
            for (var x = 0; x < photo.Width; x++)
            {
                var label = labels.Pixels[(y * photo.Width) + x];
                if (label != 0)
                    canvas.Blend(x, y, colors[label], (float)options.Opacity);
            }
        }

        if (options.Outline)
        {
            DrawLines(canvas, labels, Dark, HaloStrength, Contours.Coverage(labels, (scale / 4) + 1, soft: false));
            DrawLines(canvas, labels, White, LineStrength, Contours.Coverage(labels, scale / 4, soft: true));
        }

        return canvas;
    }

    private static void DrawLines(Canvas canvas, LabelMap labels, Rgb color, float strength, float[] lines)
    {
        for (var y = 0; y < labels.Height; y++)
        {
            for (var x = 0; x < labels.Width; x++)
                canvas.Blend(x, y, color, strength * lines[(y * labels.Width) + x]);
        }
    }
}
