namespace DeconvNet.Segmentation;

/// <summary>
/// One score for each class and pixel, <c>[classes, height, width]</c>. Its size may be below the photo's
/// (<see cref="ProposalSegmenterOptions.MaxWorkingSide"/>); it covers the same view. Immutable by convention, safe to read from many threads.
/// </summary>
public sealed partial class ScoreMap
{
    private readonly float[] values;

    /// <summary>Wraps <paramref name="values"/>; the array is not copied.</summary>
    /// <param name="kind">What the values are.</param>
    /// <param name="classes">Number of classes, 1 … 255.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="values">The scores, class by class, each row-major.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">The array has another length.</exception>
    public ScoreMap(ScoreKind kind, int classes, int width, int height, float[] values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, byte.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(values);
        if (values.LongLength != (long)classes * width * height)
            throw new ArgumentException($"Scores of {classes} classes at {width}×{height} are {(long)classes * width * height} values, not {values.LongLength}.", nameof(values));

        Kind = kind;
        Classes = classes;
        Width = width;
        Height = height;
        this.values = values;
    }

    /// <summary>What the values are.</summary>
    public ScoreKind Kind { get; }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>All scores, <c>[classes, height, width]</c>.</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>The scores of one class, row-major.</summary>
    public ReadOnlySpan<float> Plane(int classId) => values.AsSpan(classId * Width * Height, Width * Height);

    /// <summary>
    /// The same map as probabilities that sum to 1 at every pixel: the softmax of raw scores; probabilities divided by their sum,
    /// and where that is 0 (no proposal reached the pixel) background with certainty.
    /// </summary>
    public ScoreMap ToProbabilities()
    {
        var result = values.AsSpan().ToArray();
        var pixels = Width * Height;
        if (Kind == ScoreKind.Logits)
            Softmax.Apply(result, Classes, pixels);
        else
            Normalize(result, pixels);
        return new ScoreMap(ScoreKind.Probabilities, Classes, Width, Height, result);
    }

    private void Normalize(float[] result, int pixels)
    {
        for (var i = 0; i < pixels; i++)
        {
            var sum = 0f;
            for (var c = 0; c < Classes; c++)
                sum += result[(c * pixels) + i];
            if (sum <= 0)
            {
                result[i] = 1;
                continue;
            }

            for (var c = 0; c < Classes; c++)
                result[(c * pixels) + i] /= sum;
        }
    }
}
