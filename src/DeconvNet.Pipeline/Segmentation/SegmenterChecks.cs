using System.Numerics.Tensors;
using DeconvNet.Segmentation.Scores;

namespace DeconvNet.Segmentation;

/// <summary>Checks of segmenters on the scorers and segmenters that they use.</summary>
internal static class SegmenterChecks
{
    /// <exception cref="ArgumentNullException">The list is null.</exception>
    /// <exception cref="ArgumentException">A name is null.</exception>
    public static void RequireNames(IReadOnlyList<string> classNames, string parameter)
    {
        ArgumentNullException.ThrowIfNull(classNames, parameter);
        for (var id = 0; id < classNames.Count; id++)
        {
            if (classNames[id] is null)
                throw new ArgumentException($"The name of class {id} is null; expected a name for each of the {classNames.Count} classes.", parameter);
        }
    }

    /// <exception cref="ArgumentException">The scorer has no classes, more than a label map can hold, or a class without a name.</exception>
    public static void RequireClasses(this IScorer scorer)
    {
        RequireNames(scorer.ClassNames, nameof(scorer));
        if (scorer.ClassNames.Count is 0 or > byte.MaxValue)
            throw new ArgumentException($"A label map holds 1 … 255 classes; the scorer has {scorer.ClassNames.Count}.", nameof(scorer));
    }

    /// <summary>Runs the network and throws if a logit is NaN or infinite, which would silently become background since comparisons with NaN are false.</summary>
    /// <exception cref="InvalidOperationException">A logit is not finite; the message names scorer, class and pixel.</exception>
    public static void ScoreFinite(this IScorer scorer, ReadOnlySpan<float> input, int count, int height, int width, Span<float> logits, CancellationToken cancellationToken)
    {
        scorer.Score(input, count, height, width, logits, cancellationToken);
        RequireFinite(logits, $"The {scorer.GetType().Name}", scorer.ClassNames, height, width);
    }

    /// <summary>The scores of an inner segmenter.</summary>
    /// <exception cref="InvalidOperationException">They were not kept, or one is NaN or infinite; the message names the segmenter.</exception>
    public static ScoreMap RequireScores(this SegmentationResult result, string segmenter)
    {
        var scores = result.Scores ?? throw new InvalidOperationException($"{segmenter} did not keep its scores, which the next step needs: set KeepScores in its options.");
        RequireFinite(scores.Values, segmenter, result.ClassNames, scores.Height, scores.Width);
        return scores;
    }

    private static void RequireFinite(ReadOnlySpan<float> values, string source, IReadOnlyList<string> classNames, int height, int width)
    {
        if (TensorPrimitives.IsFiniteAll(values))
            return;

        var at = 0;
        while (float.IsFinite(values[at]))
            at++;
        var (plane, pixel) = (at / (height * width), at % (height * width));
        throw new InvalidOperationException(FormattableString.Invariant(
            $"{source} returned {values[at]} as the score of '{classNames[plane % classNames.Count]}' at ({pixel % width}, {pixel / width}); scores must be finite. The weights may be damaged, or the network overflows."));
    }
}
