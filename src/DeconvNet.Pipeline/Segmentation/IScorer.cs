using DeconvNet.Imaging;
using DeconvNet.Weights;

namespace DeconvNet.Segmentation;

/// <summary>
/// Interface between the pipeline and an inference engine: preprocessed pixels in, logits out, plain memory on both sides.
/// Implementations are thread-safe.
/// </summary>
public interface IScorer : IDisposable
{
    /// <summary>Side of the square input in pixels; <see langword="null"/> if the network accepts any size.</summary>
    int? InputSize { get; }

    /// <summary>Class names by id; id 0 is background.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>How pixels become network input; stored with the weights.</summary>
    Preprocessing Preprocessing { get; }

    /// <summary>Settings stored with the weights, for values that the options of a segmenter leave open.</summary>
    InferenceSettings Settings { get; }

    /// <summary>Number of images per call that suits the engine, for segmenters whose options leave it open. Default 8.</summary>
    /// <param name="count">Number of images to be scored in all, at least 1.</param>
    /// <returns>1 … 256.</returns>
    int BatchSizeFor(int count) => 8;

    /// <summary>Runs the network.</summary>
    /// <param name="input">Preprocessed images, <c>[count, 3, height, width]</c>.</param>
    /// <param name="count">Number of images, at least 1.</param>
    /// <param name="height">Their height in pixels: <see cref="InputSize"/>, or at least 1 if that is <see langword="null"/>.</param>
    /// <param name="width">Their width in pixels, likewise.</param>
    /// <param name="logits">Receives the logits, <c>[count, classes, height, width]</c>.</param>
    /// <param name="cancellationToken">Cancels the work, if the engine supports it; the logits are undefined then.</param>
    /// <exception cref="ArgumentException">A size or length does not match.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    void Score(ReadOnlySpan<float> input, int count, int height, int width, Span<float> logits, CancellationToken cancellationToken = default);
}

internal static class ScorerArguments
{
    /// <summary>Validates the arguments of <see cref="IScorer.Score"/>, for all engines.</summary>
    /// <exception cref="ArgumentException">A size or length does not match the network.</exception>
    public static void CheckLengths(this IScorer scorer, int input, int count, int height, int width, int logits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (scorer.InputSize is { } side && (height != side || width != side))
            throw new ArgumentException($"The network takes images of {side}×{side}, not {width}×{height}.", nameof(height));
        var pixels = (long)count * height * width;
        if (input != 3 * pixels)
            throw new ArgumentException($"{count} images of {width}×{height} are {3 * pixels} values, not {input}.", nameof(input));
        if (logits != scorer.ClassNames.Count * pixels)
            throw new ArgumentException($"The logits of {count} images of {width}×{height} are {scorer.ClassNames.Count * pixels} values, not {logits}.", nameof(logits));
    }
}
