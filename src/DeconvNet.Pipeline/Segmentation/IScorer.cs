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
    /// <exception cref="ArgumentException">A size or a length is another.</exception>
    void Score(ReadOnlySpan<float> input, int count, int height, int width, Span<float> logits);
}
