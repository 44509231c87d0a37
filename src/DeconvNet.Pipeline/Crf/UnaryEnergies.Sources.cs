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
    /// <param name="labels">Number of labels, at least 1.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="logits">Logits <c>[labels, height, width]</c>; −∞ rules a label out.</param>
    /// <exception cref="ArgumentException">The span has the wrong length, a logit is NaN or +∞, or all logits of a pixel are −∞.</exception>
    public static UnaryEnergies FromLogits(int labels, int width, int height, ReadOnlySpan<float> logits)
    {
        RequireLength(labels, width, height, logits.Length, nameof(logits));
        var pixels = width * height;
        var highest = logits[..pixels].ToArray();
        for (var label = 1; label < labels; label++)
            TensorPrimitives.Max(highest, logits.Slice(label * pixels, pixels), highest);

        var energies = new float[logits.Length];
        for (var label = 0; label < labels; label++)
        {
            var plane = logits.Slice(label * pixels, pixels);
            var target = energies.AsSpan(label * pixels, pixels);
            for (var i = 0; i < highest.Length; i++)
                target[i] = plane[i] == float.NegativeInfinity ? float.PositiveInfinity : highest[i] - plane[i];
        }

        return new UnaryEnergies(labels, width, height, energies);
    }

    /// <summary>Energies from probabilities: their negative logarithm.</summary>
    /// <param name="labels">Number of labels, at least 1.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="probabilities">Probabilities <c>[labels, height, width]</c>, 0 … 1.</param>
    /// <param name="clip">Lower probabilities are raised to this value, so that no label is ruled out; above 0, at most 1.</param>
    /// <param name="scale">Confidence in the probabilities, above 0, at most 1: they are mixed with the uniform distribution, which has the remaining weight.</param>
    /// <exception cref="ArgumentException">The span has the wrong length, or a value is out of range.</exception>
    public static UnaryEnergies FromProbabilities(
        int labels, int width, int height, ReadOnlySpan<float> probabilities, float clip = 1e-5f, float scale = 1)
    {
        RequireLength(labels, width, height, probabilities.Length, nameof(probabilities));
        RequireFraction(clip, nameof(clip));
        RequireFraction(scale, nameof(scale));
        var energies = probabilities.ToArray();
        foreach (var value in energies)
        {
            // Rounding may bring sums of float32 fractions above 1.
            if (!(value is >= 0 and <= 1.0001f))
                throw new ArgumentException($"A probability is {value}; it must be 0 to 1.", nameof(probabilities));
        }

        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(energies.AsSpan());
        var (factor, least, rest) = (Vector256.Create(scale), Vector256.Create(clip), Vector256.Create((float)((1.0 - scale) / labels)));
        foreach (ref var vector in vectors)
            vector = -Vector256.Log(Vector256.Min(Vector256.Max((vector * factor) + rest, least), Vector256<float>.One));
        foreach (ref var value in energies.AsSpan(vectors.Length * Vector256<float>.Count))
            value = -MathF.Log(Math.Clamp((value * scale) + ((1 - scale) / labels), clip, 1));
        return new UnaryEnergies(labels, width, height, energies);
    }

    /// <summary>
    /// Energies from a label map: −ln <paramref name="certainty"/> for the given label; the others share the remaining probability.
    /// </summary>
    /// <param name="marked">The labels.</param>
    /// <param name="labels">Number of labels, at least 1.</param>
    /// <param name="certainty">Probability of the given label, above 0 and below 1; ignored if there is one label only.</param>
    /// <param name="unknown">Pixels with this value are unlabeled: all labels are equally likely there.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    /// <exception cref="ArgumentException">A pixel has a label that is neither below <paramref name="labels"/> nor <paramref name="unknown"/>.</exception>
    public static UnaryEnergies FromLabels(LabelMap marked, int labels, double certainty = 0.7, byte unknown = LabelMap.Void)
    {
        ArgumentNullException.ThrowIfNull(marked);
        ArgumentOutOfRangeException.ThrowIfLessThan(labels, 1);
        if (!(certainty is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(certainty), certainty, "The certainty of a label must be above 0 and below 1.");

        var known = (float)-Math.Log(certainty);
        var other = (float)-Math.Log((1 - certainty) / Math.Max(1, labels - 1));
        var any = (float)-Math.Log(1.0 / labels);
        var pixels = marked.Pixels.Length;
        var energies = new float[checked(labels * pixels)];
        Array.Fill(energies, other);
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            var mark = marked.Pixels[pixel];
            if (mark == unknown)
            {
                for (var label = 0; label < labels; label++)
                    energies[(label * pixels) + pixel] = any;
            }
            else if (mark < labels)
            {
                energies[(mark * pixels) + pixel] = known;
            }
            else
            {
                throw new ArgumentException(
                    $"The label at ({pixel % marked.Width}, {pixel / marked.Width}) is {mark}; it must be below {labels}, or {unknown} for unknown.", nameof(marked));
            }
        }

        return new UnaryEnergies(labels, marked.Width, marked.Height, energies);
    }

    private static void RequireLength(int labels, int width, int height, int length, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(labels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (length != (long)labels * width * height)
            throw new ArgumentException($"{labels} labels at {width}×{height} are {(long)labels * width * height} values, not {length}.", name);
    }

    private static void RequireFraction(float value, string name)
    {
        if (!(value is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(name, value, $"The {name} must be above 0 and at most 1.");
    }
}
