using DeconvNet.Imaging;
using DeconvNet.Proposals;

namespace DeconvNet.Tests.Segmentation;

/// <summary>The same boxes for every image, the first with the highest score.</summary>
internal sealed class GivenBoxes(params PixelBox[] boxes) : IProposalGenerator
{
    public IReadOnlyList<Proposal> Generate(RgbImage image, int maxCount, CancellationToken cancellationToken = default) =>
        [.. boxes.Take(maxCount).Select((box, i) => new Proposal(box, boxes.Length - i))];
}
