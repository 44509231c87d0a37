using System.Numerics;
using DeconvNet.Imaging;
using DeconvNet.Imaging.Resampling;

namespace DeconvNet.Segmentation.Scores;

public sealed partial class ScoreMap
{
    /// <summary>
    /// The class with the highest score at each pixel of a picture of the given size: the scores are resized bilinearly, then compared.
    /// Where several classes tie, the lowest id wins, so a pixel without any score is background.
    /// </summary>
    /// <param name="width">Width of the label map in pixels, at least 1.</param>
    /// <param name="height">Height of the label map in pixels, at least 1.</param>
    /// <param name="minRegionConfidence">A connected region of one class becomes background where the upper quartile of its pixels' probabilities is lower; 0 … below 1, and 0 keeps all.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1, the map would have more than <see cref="Array.MaxLength"/> pixels, or the threshold is out of its range.</exception>
    public LabelMap ToLabels(int width, int height, double minRegionConfidence = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if ((long)width * height > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(width), width, $"A label map of {width}×{height} has too many pixels; at most {Array.MaxLength} fit into an array.");
        if (minRegionConfidence is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(minRegionConfidence), minRegionConfidence, "The threshold is a probability of 0 or more, below 1.");

        // At the map's own size the labels are known from the search for unsure regions.
        return (width, height) == (Width, Height) && minRegionConfidence > 0
            ? new LabelMap(width, height, FindRegions(minRegionConfidence).Labels)
            : WithMinRegionConfidence(minRegionConfidence).BestClasses(width, height);
    }

    private LabelMap BestClasses(int width, int height)
    {
        if ((width, height) == (Width, Height))
            return new LabelMap(width, height, BestClasses());

        var labels = new byte[width * height];
        LinearTap[] columns = [.. Enumerable.Range(0, width).Select(x => LinearTap.OnLine(x + 0.5, width, Width))];
        LinearTap[] rows = [.. Enumerable.Range(0, height).Select(y => LinearTap.OnLine(y + 0.5, height, Height))];

        // Row by row: the enlarged scores of a 12-megapixel photo would take 1 GB.
        Parallel.For(
            0,
            height,
            () => (Mixed: new float[Width], Best: new float[width]),
            (y, _, buffers) =>
            {
                ChooseRow(rows[y], columns, buffers.Mixed, buffers.Best, labels.AsSpan(y * width, width));
                return buffers;
            },
            _ => { });
        return new LabelMap(width, height, labels);
    }

    /// <summary>The class with the highest score at each pixel of the map; the lowest id where several tie.</summary>
    private byte[] BestClasses()
    {
        var labels = new byte[Width * Height];
        Parallel.For(0, Height, () => new float[Width], (y, _, best) =>
        {
            Plane(0).Slice(y * Width, Width).CopyTo(best);
            for (var c = 1; c < ClassCount; c++)
                Improve(Plane(c).Slice(y * Width, Width), (byte)c, best, labels.AsSpan(y * Width, Width));
            return best;
        }, _ => { });
        return labels;
    }

    private static void Improve(ReadOnlySpan<float> scores, byte label, Span<float> best, Span<byte> labels)
    {
        var x = 0;
        for (; x <= scores.Length - Vector<float>.Count; x += Vector<float>.Count)
        {
            var (candidates, leaders) = (new Vector<float>(scores[x..]), new Vector<float>(best[x..]));
            var better = Vector.GreaterThan(candidates, leaders);
            if (Vector.EqualsAll(better, Vector<int>.Zero))
                continue;

            Vector.ConditionalSelect(better, candidates, leaders).CopyTo(best[x..]);
            for (var lane = 0; lane < Vector<int>.Count; lane++)
                labels[x + lane] = better[lane] != 0 ? label : labels[x + lane];
        }

        for (; x < scores.Length; x++)
        {
            if (scores[x] > best[x])
                (best[x], labels[x]) = (scores[x], label);
        }
    }

    private void ChooseRow(LinearTap row, LinearTap[] columns, float[] mixed, float[] best, Span<byte> labels)
    {
        for (var c = 0; c < ClassCount; c++)
        {
            var plane = Plane(c);
            var above = plane.Slice(row.Low * Width, Width);
            var below = plane.Slice(row.High * Width, Width);
            for (var x = 0; x < mixed.Length; x++)
                mixed[x] = above[x] + ((below[x] - above[x]) * row.Weight);

            for (var x = 0; x < columns.Length; x++)
            {
                var column = columns[x];
                var score = mixed[column.Low] + ((mixed[column.High] - mixed[column.Low]) * column.Weight);
                if (c == 0 || score > best[x])
                {
                    best[x] = score;
                    labels[x] = (byte)c;
                }
            }
        }
    }
}
