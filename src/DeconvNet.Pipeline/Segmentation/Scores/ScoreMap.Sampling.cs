using DeconvNet.Imaging;
using DeconvNet.Imaging.Resampling;

namespace DeconvNet.Segmentation.Scores;

public sealed partial class ScoreMap
{
    /// <summary>The scores of one class, resized bilinearly, row-major.</summary>
    internal float[] PlaneAt(int classId, ImageSize size)
    {
        var plane = new float[checked(size.Width * size.Height)];
        Planes.ResizeBilinear(Plane(classId), 1, Height, Width, plane, size.Height, size.Width, antialias: false);
        return plane;
    }

    /// <summary>The score of each pixel's label, interpolated bilinearly, row-major; 0 if the label is not a class of this map.</summary>
    internal float[] OfLabels(LabelMap labels)
    {
        var scores = new float[labels.Pixels.Length];
        LinearTap[] columns = [.. Enumerable.Range(0, labels.Width).Select(x => LinearTap.OnLine(x + 0.5, labels.Width, Width))];
        for (var y = 0; y < labels.Height; y++)
        {
            var row = LinearTap.OnLine(y + 0.5, labels.Height, Height);
            for (var x = 0; x < labels.Width; x++)
            {
                if (labels[x, y] < ClassCount)
                    scores[(y * labels.Width) + x] = At(labels[x, y], columns[x], row);
            }
        }

        return scores;
    }

    /// <summary>The interpolated score of one class.</summary>
    internal float At(int classId, LinearTap column, LinearTap row)
    {
        var plane = Plane(classId);
        var above = Between(plane.Slice(row.Low * Width, Width), column);
        return above + ((Between(plane.Slice(row.High * Width, Width), column) - above) * row.Weight);

        static float Between(ReadOnlySpan<float> line, LinearTap column) => line[column.Low] + ((line[column.High] - line[column.Low]) * column.Weight);
    }
}
