using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

/// <summary>
/// The seam between <see cref="FcnSegmenter"/> and whatever runs the network: a whole photo in, scores of its size out, plain memory on both sides.
/// Implementations are thread-safe.
/// </summary>
public interface IImageScorer : IDisposable
{
    /// <summary>Class names by id; index 0 is background.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>How pixels become network input; prescribed by the weights.</summary>
    Preprocessing Preprocessing { get; }

    /// <summary>Runs the network.</summary>
    /// <param name="planes">The preprocessed photo, <c>[3, height, width]</c>.</param>
    /// <param name="width">Its width in pixels, at least 1.</param>
    /// <param name="height">Its height in pixels, at least 1.</param>
    /// <param name="scores">Receives the raw class scores (logits, no softmax), <c>[classes, height, width]</c>.</param>
    void Score(ReadOnlySpan<float> planes, int width, int height, Span<float> scores);
}
