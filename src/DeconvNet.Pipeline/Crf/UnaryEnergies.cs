using System.Numerics;
using System.Runtime.InteropServices;

namespace DeconvNet.Crf;

/// <summary>
/// Unary energies: the cost of each label at each pixel, <c>[labels, height, width]</c>, as −ln of a probability up to a constant per pixel.
/// Immutable by convention, safe to read from many threads.
/// </summary>
public sealed partial class UnaryEnergies
{
    /// <summary>Wraps <paramref name="values"/>; the array is not copied.</summary>
    /// <param name="labelCount">Number of labels, at least 1.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="values">The energies, label by label, each row-major. +∞ rules a label out.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    /// <exception cref="ArgumentException">The array has the wrong length, an energy is NaN or −∞, or no label is possible at a pixel.</exception>
    public UnaryEnergies(int labelCount, int width, int height, float[] values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(labelCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(values);
        if (values.LongLength != (long)labelCount * width * height)
            throw new ArgumentException($"Energies of {labelCount} labels at {width}×{height} are {(long)labelCount * width * height} values, not {values.LongLength}.", nameof(values));

        (LabelCount, Width, Height, Values) = (labelCount, width, height, values);
        RequireNumbers();
    }

    /// <summary>Number of labels.</summary>
    public int LabelCount { get; }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>The energies of one label, row-major.</summary>
    public ReadOnlySpan<float> Plane(int label) => Values.AsSpan(label * Width * Height, Width * Height);

    internal float[] Values { get; }

    private void RequireNumbers()
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(Values);
        var (lowest, highest) = (new Vector<float>(float.MinValue), new Vector<float>(float.MaxValue));
        foreach (var vector in vectors)
        {
            // Also false for NaN.
            if (!Vector.GreaterThanOrEqualAll(vector, lowest) || !Vector.LessThanOrEqualAll(vector, highest))
            {
                RequireEach();
                return;
            }
        }

        foreach (var value in Values.AsSpan(vectors.Length * Vector<float>.Count))
        {
            if (!float.IsFinite(value))
            {
                RequireEach();
                return;
            }
        }
    }

    private void RequireEach()
    {
        var pixels = Width * Height;
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            var possible = false;
            for (var label = 0; label < LabelCount; label++)
            {
                var value = Values[(label * pixels) + pixel];
                if (float.IsNaN(value) || float.IsNegativeInfinity(value))
                    throw new ArgumentException(FormattableString.Invariant($"The energy of label {label} at ({pixel % Width}, {pixel / Width}) is {value}; it must be a number or +∞."), "values");
                possible |= value < float.PositiveInfinity;
            }

            if (!possible)
                throw new ArgumentException($"All {LabelCount} labels have the energy +∞ at ({pixel % Width}, {pixel / Width}); at least one must be possible.", "values");
        }
    }
}
