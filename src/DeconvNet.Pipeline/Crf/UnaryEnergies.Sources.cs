using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DeconvNet.Imaging;

namespace DeconvNet.Crf;

public sealed partial class UnaryEnergies
{
    /// <summary>
    /// Energies from logits: −ln of their softmax, shifted so that the likeliest label of each pixel has energy 0.
    /// </summary>
    /// <param name="labelCount">Number of labels, at least 1.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="logits">Logits <c>[labels, height, width]</c>; −∞ rules a label out.</param>
    /// <exception cref="ArgumentException">The span has the wrong length, a logit is NaN or +∞, or all logits of a pixel are −∞.</exception>
    public static UnaryEnergies FromLogits(int labelCount, int width, int height, ReadOnlySpan<float> logits)
    {
        RequireLength(labelCount, width, height, logits.Length, nameof(logits));
        var pixels = width * height;
        var highest = logits[..pixels].ToArray();
        for (var label = 1; label < labelCount; label++)
            TensorPrimitives.Max(highest, logits.Slice(label * pixels, pixels), highest);

        var energies = new float[logits.Length];
        for (var label = 0; label < labelCount; label++)
        {
            var plane = logits.Slice(label * pixels, pixels);
            var target = energies.AsSpan(label * pixels, pixels);
            for (var i = 0; i < highest.Length; i++)
                target[i] = plane[i] == float.NegativeInfinity ? float.PositiveInfinity : highest[i] - plane[i];
        }

        return new UnaryEnergies(labelCount, width, height, energies);
    }

    /// <summary>Energies from probabilities: their negative logarithm.</summary>
    /// <param name="labelCount">Number of labels, at least 1.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="probabilities">Probabilities <c>[labels, height, width]</c>, 0 … 1.</param>
    /// <param name="clip">Lower probabilities are raised to this value, so that no label is ruled out; above 0, at most 1.</param>
    /// <param name="scale">Confidence in the probabilities, above 0, at most 1: they are mixed with the uniform distribution, which has the remaining weight.</param>
    /// <exception cref="ArgumentException">The span has the wrong length, or a value is out of range.</exception>
    public static UnaryEnergies FromProbabilities(
        int labelCount, int width, int height, ReadOnlySpan<float> probabilities, float clip = 1e-5f, float scale = 1)
    {
        RequireLength(labelCount, width, height, probabilities.Length, nameof(probabilities));
        RequireFraction(clip, nameof(clip));
        RequireFraction(scale, nameof(scale));
        var energies = probabilities.ToArray();
        foreach (var value in energies)
        {
            // Rounding may bring sums of float32 fractions above 1.
            if (!(value is >= 0 and <= 1.0001f))
                throw new ArgumentException(FormattableString.Invariant($"A probability is {value}; it must be 0 to 1."), nameof(probabilities));
        }

        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(energies.AsSpan());
        var (factor, least, rest) = (Vector256.Create(scale), Vector256.Create(clip), Vector256.Create((float)((1.0 - scale) / labelCount)));
        foreach (ref var vector in vectors)
            vector = -Vector256.Log(Vector256.Min(Vector256.Max((vector * factor) + rest, least), Vector256<float>.One));
        foreach (ref var value in energies.AsSpan(vectors.Length * Vector256<float>.Count))
            value = -MathF.Log(Math.Clamp((value * scale) + ((1 - scale) / labelCount), clip, 1));
        return new UnaryEnergies(labelCount, width, height, energies);
    }

    /// <summary>
    /// Energies from a label map: −ln <paramref name="certainty"/> for the given label; the others share the remaining probability.
    /// </summary>
    /// <param name="labels">The labels.</param>
    /// <param name="labelCount">Number of labels, at least 1.</param>
    /// <param name="certainty">Probability of the given label, above 0 and below 1; ignored if there is one label only.</param>
    /// <param name="unknown">Pixels with this value are unlabeled: all labels are equally likely there.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    /// <exception cref="ArgumentException">A pixel has a label that is neither below <paramref name="labelCount"/> nor <paramref name="unknown"/>.</exception>
    public static UnaryEnergies FromLabels(LabelMap labels, int labelCount, double certainty = 0.7, byte unknown = LabelMap.Void)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(labelCount, 1);
        if (!(certainty is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(certainty), certainty, "The certainty of a label must be above 0 and below 1.");

        var known = (float)-Math.Log(certainty);
        var other = (float)-Math.Log((1 - certainty) / Math.Max(1, labelCount - 1));
        var any = (float)-Math.Log(1.0 / labelCount);
        var pixels = labels.Pixels.Length;
        var energies = new float[checked(labelCount * pixels)];
        Array.Fill(energies, other);
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            var mark = labels.Pixels[pixel];
            if (mark == unknown)
            {
                for (var label = 0; label < labelCount; label++)
                    energies[(label * pixels) + pixel] = any;
            }
            else if (mark < labelCount)
            {
                energies[(mark * pixels) + pixel] = known;
            }
            else
            {
                throw new ArgumentException(
                    $"The label at ({pixel % labels.Width}, {pixel / labels.Width}) is {mark}; it must be below {labelCount}, or {unknown} for unknown.", nameof(labels));
            }
        }

        return new UnaryEnergies(labelCount, labels.Width, labels.Height, energies);
    }

    private static void RequireLength(int labelCount, int width, int height, int length, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(labelCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (length != (long)labelCount * width * height)
            throw new ArgumentException($"{labelCount} labels at {width}×{height} are {(long)labelCount * width * height} values, not {length}.", name);
    }

    private static void RequireFraction(float value, string name)
    {
        if (!(value is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(name, value, $"The {name} must be above 0 and at most 1.");
    }
}
