using DeconvNet.Imaging;
using DeconvNet.Proposals.Search;

namespace DeconvNet.Proposals.Edges;

/// <summary>Detects edges for <see cref="EdgeBoxes"/>. Implementations are thread-safe.</summary>
public interface IEdgeDetector
{
    /// <summary>Computes the edge strength at every pixel.</summary>
    /// <param name="image">The image.</param>
    /// <param name="cancellationToken">Cancels the search with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>A map of the image's size, finite and about 0 … 1, before non-maximum suppression; zeros for an image of a single color.</returns>
    EdgeMap Detect(RgbImage image, CancellationToken cancellationToken = default);
}
