using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

namespace DeconvNet.OnnxRuntime.Tests;

/// <summary>A warm segmenter allocates its result and little else: working memory is used again by the next photo.</summary>
[Collection(TorchTests.Name)]
public class AllocationTests
{
    // The windows found by the search, closures and tasks. Working memory is 48 MB for DeconvNet and 5 MB for FCN.
    private const long Little = 4_000_000;

    // The shared pool keeps arrays by thread, so it takes several photos to fill.
    private const int Photos = 12;

    [Fact]
    public void A_warm_DeconvNet_allocates_little_more_than_its_result()
    {
        using var segmenter = Int8Weights.DeconvNet.CreateSegmenter(new ProposalSegmenterOptions { MaxProposals = 4 });
        Assert.InRange(AllocatedBesidesResult(segmenter), 0, Little);
    }

    [Fact]
    public void A_warm_Fcn_allocates_little_more_than_its_result()
    {
        using var segmenter = Int8Weights.Fcn8s.CreateSegmenter();
        Assert.InRange(AllocatedBesidesResult(segmenter), 0, Little);
    }

    /// <summary>Bytes allocated by all threads for a photo of 500×333, without the scores and labels of the result.</summary>
    private static long AllocatedBesidesResult(ISegmenter segmenter)
    {
        var photo = RgbImage.Load(Path.Combine(AppContext.BaseDirectory, "photos", "cat.jpg"));
        var least = long.MaxValue;
        for (var i = 0; i < Photos; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var result = segmenter.Segment(photo, cancellationToken: TestContext.Current.CancellationToken);
            var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            least = Math.Min(least, allocated - (sizeof(float) * result.Scores!.Values.Length) - result.Labels.Pixels.Length);
        }

        return least;
    }
}
