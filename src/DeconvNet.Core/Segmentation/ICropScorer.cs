using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

/// <summary>
/// The seam between the segmentation pipeline and whatever runs the network: crops in, scores out, plain memory on both sides.
/// Implementations are thread-safe.
/// </summary>
public interface ICropScorer : IDisposable
{
    /// <summary>Side S of the square crops, in pixels.</summary>
    int InputSize { get; }

    /// <summary>Class names by id; index 0 is background.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>How pixels become network input; prescribed by the weights.</summary>
    Preprocessing Preprocessing { get; }

    /// <summary>Runs the network.</summary>
    /// <param name="crops">Preprocessed crops, <c>[count, 3, S, S]</c>.</param>
    /// <param name="count">Number of crops, at least 1.</param>
    /// <param name="scores">Receives the raw class scores (logits, no softmax), <c>[count, classes, S, S]</c>.</param>
    void Score(ReadOnlySpan<float> crops, int count, Span<float> scores);
}
