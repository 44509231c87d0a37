using System.Numerics.Tensors;

namespace DeconvNet.Segmentation;

/// <summary>Refuses scores that are NaN or infinite: no comparison with NaN holds, so they would silently become background.</summary>
internal static class FiniteScores
{
    /// <summary>Runs the network and checks what it returns.</summary>
    /// <exception cref="InvalidOperationException">A logit is NaN or infinite; the message names scorer, class and pixel.</exception>
    public static void ScoreFinite(this IScorer scorer, ReadOnlySpan<float> input, int count, int height, int width, Span<float> logits)
    {
        scorer.Score(input, count, height, width, logits);
        Require(logits, $"The {scorer.GetType().Name}", scorer.ClassNames, height, width);
    }

    /// <summary>The scores of a segmenter that another one builds on.</summary>
    /// <exception cref="InvalidOperationException">They were not kept, or one is NaN or infinite; the message names the segmenter.</exception>
    public static ScoreMap RequireScores(this SegmentationResult result, string segmenter)
    {
        var scores = result.Scores ?? throw new InvalidOperationException($"{segmenter} did not keep its scores, which the next step needs: set KeepScores in its options.");
        Require(scores.Values, segmenter, result.ClassNames, scores.Height, scores.Width);
        return scores;
    }

    private static void Require(ReadOnlySpan<float> values, string source, IReadOnlyList<string> classNames, int height, int width)
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
