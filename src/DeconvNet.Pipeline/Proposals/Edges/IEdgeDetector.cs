using DeconvNet.Imaging;
using DeconvNet.Proposals.Search;

namespace DeconvNet.Proposals.Edges;

/// <summary>Finds edges in a photo for <see cref="EdgeBoxes"/>. Implementations are thread-safe.</summary>
public interface IEdgeDetector
{
    /// <summary>Finds the strength of the edge at every pixel.</summary>
    /// <param name="image">The image.</param>
    /// <param name="cancellationToken">Ends the search early with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>A map of the image's size, about 0 … 1 and finite, before non-maximum suppression; zeros for an image of a single color.</returns>
    EdgeMap Detect(RgbImage image, CancellationToken cancellationToken = default);
}
