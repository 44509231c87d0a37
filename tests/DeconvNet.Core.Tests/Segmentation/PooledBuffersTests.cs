using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

namespace DeconvNet.Tests.Segmentation;

/// <summary>Large buffers that are not part of the result are reused for the next photo.</summary>
public class PooledBuffersTests
{
    [Fact]
    public void A_warm_segmenter_allocates_little_more_than_its_result()
    {
        const int side = 256;
        using var scorer = new QuietScorer(side);
        var boxes = Enumerable.Range(0, 8).Select(i => new PixelBox(i, i, i + 30, i + 30)).ToArray();
        using var segmenter = new ProposalSegmenter(scorer, new GivenBoxes(boxes), new ProposalSegmenterOptions { MaxProposals = 8, IncludeWholeImage = false });
        var image = new RgbImage(60, 60, new byte[60 * 60 * 3]);
        for (var i = 0; i < 3; i++)
            segmenter.Segment(image, cancellationToken: TestContext.Current.CancellationToken);

        var before = GC.GetAllocatedBytesForCurrentThread();
        segmenter.Segment(image, cancellationToken: TestContext.Current.CancellationToken);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // One crop is 0.8 MB of pixels and as much of scores; the photo's scores are 60 × 60 × 3 values.
        Assert.InRange(allocated, 0, 400_000);
    }

    private sealed class QuietScorer(int side) : IScorer
    {
        public int? InputSize => side;

        public IReadOnlyList<string> ClassNames => ["background", "cat", "dog"];

        public Preprocessing Preprocessing { get; } = new() { Order = ChannelOrder.Rgb };

        public InferenceSettings Settings => InferenceSettings.None;

        public void Score(ReadOnlySpan<float> input, int count, int height, int width, Span<float> logits, CancellationToken cancellationToken = default) => logits.Clear();

        public void Dispose()
        {
        }
    }
}
