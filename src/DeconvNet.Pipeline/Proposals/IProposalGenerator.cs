using DeconvNet.Imaging;

namespace DeconvNet.Proposals;

/// <summary>A candidate object region.</summary>
/// <param name="Box">The region; inside the image, half-open.</param>
/// <param name="Score">Objectness score; higher is better, without a fixed range.</param>
public readonly record struct Proposal(PixelBox Box, float Score);

/// <summary>Finds candidate object regions in an image. Implementations are thread-safe.</summary>
public interface IProposalGenerator
{
    /// <summary>Returns proposals, best first.</summary>
    /// <param name="image">The image.</param>
    /// <param name="maxCount">Maximum number of proposals, at least 1.</param>
    /// <param name="cancellationToken">Cancels the search with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>At most <paramref name="maxCount"/> proposals in descending order of score; empty for an image without edges.</returns>
    IReadOnlyList<Proposal> Generate(RgbImage image, int maxCount, CancellationToken cancellationToken = default);
}
