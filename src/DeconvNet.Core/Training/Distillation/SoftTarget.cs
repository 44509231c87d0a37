using DeconvNet.Imaging;
using DeconvNet.Imaging.Resampling;
using DeconvNet.Segmentation.Scores;

namespace DeconvNet.Training.Distillation;

/// <summary>
/// A class distribution for every pixel of a photo, stored on a grid with a spacing of 8 pixels that starts at the center of the first pixel: the four most
/// probable classes with their probabilities in 8 bits, interpolated bilinearly. Immutable.
/// </summary>
internal sealed class SoftTarget
{
    /// <summary>Number of classes stored per node.</summary>
    public const int Kept = 4;

    /// <summary>Id of unused entries.</summary>
    public const byte NoClass = 255;

    private const int Spacing = 8;

    private readonly byte[] planes;

    /// <param name="rows">Rows of nodes.</param>
    /// <param name="columns">Columns of nodes.</param>
    /// <param name="planes"><c>[8, rows, columns]</c>: four planes of class ids, the most probable first, then four of probabilities times 255.</param>
    /// <exception cref="InvalidDataException">A node has no valid distribution.</exception>
    public SoftTarget(int rows, int columns, byte[] planes)
    {
        (Rows, Columns, this.planes) = (rows, columns, planes);
        for (var node = 0; node < rows * columns; node++)
        {
            if (Sum(node) == 0)
                throw new InvalidDataException($"node ({node / columns}, {node % columns}) has no class of a probability above 0");
            for (var k = 0; k < Kept; k++)
            {
                if (Value(node, k) > 0 && Class(node, k) == NoClass)
                    throw new InvalidDataException($"node ({node / columns}, {node % columns}) gives a probability to class 255, which stands for none");
            }
        }
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>The planes, as in the constructor.</summary>
    public ReadOnlySpan<byte> Planes => planes;

    private int Nodes => Rows * Columns;

    /// <summary>The classes that are the most probable at some node, by id.</summary>
    public IEnumerable<byte> Classes() => planes.AsSpan(0, Nodes).ToArray().Distinct().Order();

    /// <summary>The largest id of a class with a probability above 0.</summary>
    public int MaxClass() => Enumerable.Range(0, Nodes).Max(node => Enumerable.Range(0, Kept).Max(k => Value(node, k) > 0 ? Class(node, k) : 0));

    /// <summary>Whether the grid matches a photo of the given size.</summary>
    public bool Fits(ImageSize photo) => (Rows, Columns) == (NodesAlong(photo.Height), NodesAlong(photo.Width));

    /// <summary>Creates a soft target from a score map of a photo with the given size.</summary>
    public static SoftTarget Of(ScoreMap scores, ImageSize photo)
    {
        var map = scores.ToProbabilities();
        var (rows, columns) = (NodesAlong(photo.Height), NodesAlong(photo.Width));
        var nodes = rows * columns;
        var planes = new byte[2 * Kept * nodes];
        var (probabilities, order) = (new float[map.ClassCount], new int[map.ClassCount]);
        for (var node = 0; node < nodes; node++)
        {
            // The last nodes may lie outside the photo, where they hold the values at its edge.
            var x = LinearTap.OnLine(Math.Min(Spacing * (node % columns), photo.Width - 1) + 0.5, photo.Width, map.Width);
            var y = LinearTap.OnLine(Math.Min(Spacing * (node / columns), photo.Height - 1) + 0.5, photo.Height, map.Height);
            for (var c = 0; c < map.ClassCount; c++)
            {
                var plane = map.Plane(c);
                var above = Mixed(plane[(y.Low * map.Width) + x.Low], plane[(y.Low * map.Width) + x.High], x.Weight);
                var below = Mixed(plane[(y.High * map.Width) + x.Low], plane[(y.High * map.Width) + x.High], x.Weight);
                (probabilities[c], order[c]) = (Mixed(above, below, y.Weight), c);
            }

            Array.Sort(order, (one, other) => probabilities[one] == probabilities[other] ? one.CompareTo(other) : probabilities[other].CompareTo(probabilities[one]));
            for (var k = 0; k < Kept; k++)
            {
                var value = k < order.Length ? (byte)Math.Round(255 * Math.Clamp(probabilities[order[k]], 0, 1)) : (byte)0;
                planes[(k * nodes) + node] = value == 0 ? NoClass : (byte)order[k];
                planes[((Kept + k) * nodes) + node] = value;
            }
        }

        return new SoftTarget(rows, columns, planes);

        static float Mixed(float one, float other, float weight) => one + ((other - one) * weight);
    }

    /// <summary>Adds the distributions of the pixels of a square example; pixels outside the photo get none.</summary>
    /// <param name="view">Position of the example in the photo.</param>
    /// <param name="photo">Size of the photo.</param>
    /// <param name="side">Side S of the example.</param>
    /// <param name="target">Zeros, <c>[classes, S, S]</c>.</param>
    public void Sample(PhotoView view, ImageSize photo, int side, Span<float> target)
    {
        var (columns, rows) = (Along(view.X, view.StepX, photo.Width, Columns), Along(view.Y, view.StepY, photo.Height, Rows));
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                if (rows[y] is not { } row || columns[x] is not { } column)
                    continue;
                var pixel = (y * side) + x;
                Add(row.Low, column.Low, (1 - row.Weight) * (1 - column.Weight), target, pixel, side * side);
                Add(row.Low, column.High, (1 - row.Weight) * column.Weight, target, pixel, side * side);
                Add(row.High, column.Low, row.Weight * (1 - column.Weight), target, pixel, side * side);
                Add(row.High, column.High, row.Weight * column.Weight, target, pixel, side * side);
            }
        }

        LinearTap?[] Along(double first, double step, int length, int nodes)
        {
            var places = new LinearTap?[side];
            for (var i = 0; i < side; i++)
            {
                var at = first + (i * step);
                places[i] = at >= 0 && at < length ? LinearTap.At((at - 0.5) / Spacing, nodes) : null;
            }

            return places;
        }
    }

    private static int NodesAlong(int pixels) => ((pixels - 1 + Spacing - 1) / Spacing) + 1;

    private void Add(int row, int column, float weight, Span<float> target, int pixel, int plane)
    {
        if (weight == 0)
            return;
        var node = (row * Columns) + column;
        weight /= Sum(node);
        for (var k = 0; k < Kept; k++)
        {
            if (Value(node, k) is > 0 and var value)
                target[(Class(node, k) * plane) + pixel] += weight * value;
        }
    }

    private byte Class(int node, int k) => planes[(k * Nodes) + node];

    private byte Value(int node, int k) => planes[((Kept + k) * Nodes) + node];

    private int Sum(int node) => Value(node, 0) + Value(node, 1) + Value(node, 2) + Value(node, 3);
}
