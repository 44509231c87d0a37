using DeconvNet.Imaging;

namespace DeconvNet.Crf;

/// <summary>The probability of each label at each pixel after inference. Immutable by convention, safe to read from many threads.</summary>
public sealed class Marginals
{
    private readonly float[] values;

    internal Marginals(int labels, int width, int height, float[] values)
    {
        (LabelCount, Width, Height) = (labels, width, height);
        this.values = values;
    }

    /// <summary>Number of labels.</summary>
    public int LabelCount { get; }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>All probabilities, <c>[labels, height, width]</c>; they sum to 1 at each pixel. Probabilities below about 1e-20 are 0.</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>The probabilities of one label, row-major.</summary>
    public ReadOnlySpan<float> Plane(int label) => values.AsSpan(label * Width * Height, Width * Height);

    /// <summary>The most probable label of each pixel (MAP); the lowest in case of a tie.</summary>
    /// <exception cref="InvalidOperationException">There are more than 256 labels, which a label map cannot hold.</exception>
    public LabelMap ToLabelMap()
    {
        if (LabelCount > byte.MaxValue + 1)
            throw new InvalidOperationException($"A label map holds at most 256 labels; there are {LabelCount}.");

        var best = Plane(0).ToArray();
        var map = new byte[best.Length];
        for (var label = 1; label < LabelCount; label++)
        {
            var plane = Plane(label);
            for (var i = 0; i < best.Length; i++)
            {
                if (plane[i] > best[i])
                    (best[i], map[i]) = (plane[i], (byte)label);
            }
        }

        return new LabelMap(Width, Height, map);
    }

    internal float[] Detach() => values;
}
