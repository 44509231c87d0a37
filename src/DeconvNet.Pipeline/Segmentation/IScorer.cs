using DeconvNet.Imaging;
using DeconvNet.Weights;

namespace DeconvNet.Segmentation;

/// <summary>
/// The seam between the pipeline and an engine: preprocessed pixels in, logits out, plain memory on both sides.
/// Implementations are thread-safe.
/// </summary>
public interface IScorer : IDisposable
{
    /// <summary>Side S of the square input in pixels; <see langword="null"/> for a network that takes any size.</summary>
    int? InputSize { get; }

    /// <summary>Class names by id; index 0 is background.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>How pixels become network input; prescribed by the weights.</summary>
    Preprocessing Preprocessing { get; }

    /// <summary>How the weights are meant to be used, where a segmenter's options leave it open.</summary>
    InferenceSettings Settings { get; }

    /// <summary>Runs the network.</summary>
    /// <param name="input">Preprocessed images, <c>[count, 3, height, width]</c>.</param>
    /// <param name="count">Number of images, at least 1.</param>
    /// <param name="height">Their height in pixels: <see cref="InputSize"/>, or at least 1 where that is <see langword="null"/>.</param>
    /// <param name="width">Their width in pixels, likewise.</param>
    /// <param name="logits">Receives the logits, <c>[count, classes, height, width]</c>.</param>
    /// <param name="cancellationToken">Ends the work, where the engine can, before the network is through; the logits are then undefined.</param>
    /// <exception cref="ArgumentException">A size or a length is another.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    void Score(ReadOnlySpan<float> input, int count, int height, int width, Span<float> logits, CancellationToken cancellationToken = default);
}

internal static class ScorerArguments
{
    /// <summary>The check that all engines make before they run.</summary>
    /// <exception cref="ArgumentException">A size or a length is not that of the scorer's network.</exception>
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
