using DeconvNet.Imaging;

namespace DeconvNet.Evaluation.Metrics;

/// <summary>
/// Accuracy near object boundaries: scores of the pixels within a band around the true outlines, for widths of 1, 2, 3 … pixels (the trimap evaluation of Krähenbühl
/// and Koltun, NIPS 2011, section 4). Not thread-safe.
/// </summary>
/// <remarks>
/// The distance of a pixel is measured to the center of the nearest <see cref="LabelMap.Void"/> pixel, since PASCAL VOC marks outlines as
/// void. Where two classes touch without void between them, the pixels on both sides have distance 1. Void pixels are ignored.
/// </remarks>
public sealed class TrimapEvaluation
{
    private readonly ConfusionMatrix[] bands;
    private readonly (int X, int Y, float Distance)[] disk;

    /// <summary>Creates an empty evaluation.</summary>
    /// <param name="classCount">Number of classes including background, 1 … 255.</param>
    /// <param name="maxWidth">Width of the widest band in pixels, 1 … 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public TrimapEvaluation(int classCount, int maxWidth = 10)
    {
        if (maxWidth is < 1 or > 100)
            throw new ArgumentOutOfRangeException(nameof(maxWidth), maxWidth, "A band is 1 … 100 pixels wide.");

        bands = [.. Enumerable.Range(0, maxWidth).Select(_ => new ConfusionMatrix(classCount))];
        disk =
        [
            .. from y in Enumerable.Range(-maxWidth, (2 * maxWidth) + 1)
               from x in Enumerable.Range(-maxWidth, (2 * maxWidth) + 1)
               let distance = float.Hypot(x, y)
               where distance <= maxWidth
               select (x, y, distance),
        ];
    }

    /// <summary>Width of the widest band in pixels.</summary>
    public int MaxWidth => bands.Length;

    /// <summary>Confusion matrix of the pixels at most <paramref name="width"/> pixels from an outline.</summary>
    /// <param name="width">The width of the band in pixels, 1 … <see cref="MaxWidth"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The width is out of range.</exception>
    public ConfusionMatrix Within(int width)
    {
        if (width < 1 || width > MaxWidth)
            throw new ArgumentOutOfRangeException(nameof(width), width, $"The bands are 1 … {MaxWidth} pixels wide.");

        var sum = new ConfusionMatrix(bands[0].ClassCount);
        foreach (var ring in bands.AsSpan(0, width))
            sum.Merge(ring);
        return sum;
    }

    /// <summary>Counts the pixels of one image.</summary>
    /// <param name="prediction">Predicted classes.</param>
    /// <param name="truth">True classes, of the same size.</param>
    /// <exception cref="ArgumentException">The sizes differ, or a value is not a class; nothing is counted then.</exception>
    public void Add(LabelMap prediction, LabelMap truth)
    {
        // Validates both maps before anything is counted.
        new ConfusionMatrix(bands[0].ClassCount).Add(prediction, truth);

        var distances = Distances(truth);
        for (var i = 0; i < distances.Length; i++)
        {
            if (truth.Pixels[i] != LabelMap.Void && distances[i] <= MaxWidth)
                bands[(int)MathF.Ceiling(distances[i]) - 1].Add(truth.Pixels[i], prediction.Pixels[i], 1);
        }
    }

    /// <summary>Distance of each pixel to the nearest outline, exact up to <see cref="MaxWidth"/>, infinite beyond.</summary>
    private float[] Distances(LabelMap truth)
    {
        var distances = new float[truth.Pixels.Length];
        Array.Fill(distances, float.PositiveInfinity);
        for (var y = 0; y < truth.Height; y++)
        {
            for (var x = 0; x < truth.Width; x++)
            {
                var label = truth[x, y];
                if (label == LabelMap.Void)
                    Spread(x, y, 0);
                else if (Differs(x + 1, y, label) || Differs(x - 1, y, label) || Differs(x, y + 1, label) || Differs(x, y - 1, label))
                    Spread(x, y, 1);
            }
        }

        return distances;

        bool Differs(int x, int y, byte label) =>
            x >= 0 && y >= 0 && x < truth.Width && y < truth.Height && truth[x, y] is var other && other != label && other != LabelMap.Void;

        void Spread(int x, int y, float start)
        {
            foreach (var (dx, dy, distance) in disk)
            {
                var (nx, ny) = (x + dx, y + dy);
                if (nx < 0 || ny < 0 || nx >= truth.Width || ny >= truth.Height)
                    continue;
                ref var known = ref distances[(ny * truth.Width) + nx];
                known = MathF.Min(known, start + distance);
            }
        }
    }
}
