using System.Numerics.Tensors;
using DeconvNet.Imaging.Resampling;

namespace DeconvNet.Segmentation.Scores;

/// <summary>Kind of the scores in a <see cref="ScoreMap"/>.</summary>
public enum ScoreKind
{
    /// <summary>Logits: the output of the network before softmax.</summary>
    Logits,

    /// <summary>Probabilities: softmax over the classes, 0 … 1. If crops are merged, it is applied to each crop before merging, and the sum over the classes may differ from 1.</summary>
    Probabilities,
}

/// <summary>
/// A score for each class and pixel, <c>[classes, height, width]</c>. It covers the whole photo, possibly at a lower resolution
/// (<see cref="ProposalSegmenterOptions.MaxWorkingSide"/>). Immutable by convention and thread-safe.
/// </summary>
public sealed partial class ScoreMap
{
    private readonly float[] values;

    /// <summary>Wraps <paramref name="values"/>; the array is not copied.</summary>
    /// <param name="kind">Kind of the scores.</param>
    /// <param name="classCount">Number of classes, 1 … 255.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="values">The scores, class by class, each row-major.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    /// <exception cref="ArgumentException">The array has the wrong length.</exception>
    public ScoreMap(ScoreKind kind, int classCount, int width, int height, float[] values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classCount, byte.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(values);
        if (values.LongLength != (long)classCount * width * height)
            throw new ArgumentException($"Scores of {classCount} classes at {width}×{height} are {(long)classCount * width * height} values, not {values.LongLength}.", nameof(values));

        Kind = kind;
        ClassCount = classCount;
        Width = width;
        Height = height;
        this.values = values;
    }

    /// <summary>Kind of the scores.</summary>
    public ScoreKind Kind { get; }

    /// <summary>Number of classes.</summary>
    public int ClassCount { get; }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>All scores, <c>[classes, height, width]</c>.</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>The scores of one class, row-major.</summary>
    public ReadOnlySpan<float> Plane(int classId) => values.AsSpan(classId * Width * Height, Width * Height);

    /// <summary>
    /// Converts to probabilities that sum to 1 at every pixel: the softmax of logits, or normalized probabilities. Pixels whose probabilities
    /// are all 0 (covered by no proposal) are background with probability 1.
    /// </summary>
    public ScoreMap ToProbabilities()
    {
        var result = values.AsSpan().ToArray();
        var pixels = Width * Height;
        if (Kind == ScoreKind.Logits)
            Softmax.Apply(result, ClassCount, pixels);
        else
            Normalize(result, pixels);
        return new ScoreMap(ScoreKind.Probabilities, ClassCount, Width, Height, result);
    }

    /// <summary>Resizes the map bilinearly; returns this map if the size is the same.</summary>
    internal ScoreMap ResizedTo(int width, int height)
    {
        if ((width, height) == (Width, Height))
            return this;

        var resized = new float[checked(ClassCount * width * height)];
        Planes.ResizeBilinear(values, ClassCount, Height, Width, resized, height, width, antialias: false);
        return new ScoreMap(Kind, ClassCount, width, height, resized);
    }

    private void Normalize(Span<float> result, int pixels)
    {
        var sum = new float[pixels];
        for (var c = 0; c < ClassCount; c++)
            TensorPrimitives.Add(sum, result.Slice(c * pixels, pixels), sum);

        for (var i = sum.AsSpan().IndexOf(0f); i >= 0 && i < pixels; i++)
        {
            if (sum[i] == 0)
                (result[i], sum[i]) = (1, 1);
        }

        for (var c = 0; c < ClassCount; c++)
            TensorPrimitives.Divide(result.Slice(c * pixels, pixels), sum, result.Slice(c * pixels, pixels));
    }
}
