using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Segmentation.Scores;

namespace DeconvNet.Tests.Segmentation;

/// <summary>A part of a photo, with the result in the photo's coordinates; and the picture that warms up.</summary>
public class RegionTests
{
    private static readonly PixelBox Region = new(10, 5, 50, 35);

    // One red rectangle inside the region, and the same again outside, which must not be found.
    private static readonly RgbImage Photo = TwoRectangles();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Labels_are_those_of_the_part_at_its_place_and_background_elsewhere()
    {
        using var segmenter = new FcnSegmenter(new FakeImageScorer());
        var part = segmenter.Segment(Photo.Crop(Region), cancellationToken: Cancellation);
        var result = segmenter.Segment(Photo, Region, cancellationToken: Cancellation);
        Assert.Equal((80, 60), (result.Labels.Width, result.Labels.Height));
        for (var y = 0; y < 60; y++)
        {
            for (var x = 0; x < 80; x++)
            {
                var isInside = x >= Region.X0 && x < Region.X1 && y >= Region.Y0 && y < Region.Y1;
                Assert.Equal(isInside ? part.Labels[x - Region.X0, y - Region.Y0] : 0, result.Labels[x, y]);
            }
        }

        Assert.Equal(part.Classes.Single().PixelCount, result.Classes.Single().PixelCount);
        Assert.Equal(400, result.Classes.Single().PixelCount);
    }

    [Theory]
    [InlineData(ScoreKind.Logits)]
    [InlineData(ScoreKind.Probabilities)]
    public void Scores_have_their_place_and_background_is_certain_elsewhere(ScoreKind kind)
    {
        var map = new ScoreMap(kind, 2, 4, 3, [.. Enumerable.Range(0, 24).Select(i => kind == ScoreKind.Logits ? i : i / 24f)]);
        using var segmenter = new GivenScores(map);
        var scores = segmenter.Segment(Photo, new PixelBox(20, 30, 24, 33), cancellationToken: Cancellation).Scores!;
        Assert.Equal((kind, 80, 60), (scores.Kind, scores.Width, scores.Height));
        Assert.Equal(map.Plane(1)[5], scores.Plane(1)[(31 * 80) + 21]);
        Assert.Equal(map.Plane(0)[11], scores.Plane(0)[(32 * 80) + 23]);
        var outside = scores.ToProbabilities();
        Assert.InRange(outside.Plane(0)[(31 * 80) + 24], 0.999999f, 1);
        Assert.InRange(outside.Plane(0)[0], 0.999999f, 1);
    }

    [Fact]
    public void Scores_of_a_small_part_of_a_large_photo_take_little_memory()
    {
        var large = new RgbImage(4000, 1000, new byte[3 * 4000 * 1000]);
        using var segmenter = new FcnSegmenter(new FakeImageScorer());
        var result = segmenter.Segment(large, new PixelBox(3000, 500, 3100, 580), cancellationToken: Cancellation);
        Assert.Equal((1024, 256), (result.Scores!.Width, result.Scores.Height));
        Assert.Equal((4000, 1000), (result.Labels.Width, result.Labels.Height));
    }

    [Fact]
    public void Boxes_are_in_the_photo()
    {
        using var segmenter = new ProposalSegmenter(new FakeScorer(), new GivenBoxes(new PixelBox(2, 3, 30, 28)));
        var part = segmenter.Segment(Photo.Crop(Region), cancellationToken: Cancellation).Proposals;
        var whole = segmenter.Segment(Photo, Region, cancellationToken: Cancellation).Proposals;
        Assert.Equal(part.Count, whole.Count);
        Assert.Contains(new PixelBox(12, 8, 40, 33), whole.Select(proposal => proposal.Box));
        Assert.Equal(part.Select(proposal => proposal.Crop.X0 + Region.X0), whole.Select(proposal => proposal.Crop.X0));
        Assert.Equal(part.Select(proposal => proposal.Crop.Y1 + Region.Y0), whole.Select(proposal => proposal.Crop.Y1));
    }

    [Fact]
    public async Task What_lies_outside_the_photo_is_left_out()
    {
        using var segmenter = new FcnSegmenter(new FakeImageScorer());
        var clipped = await segmenter.SegmentAsync(Photo, new PixelBox(-100, -100, 40, 1000), cancellationToken: Cancellation);
        Assert.Equal(segmenter.Segment(Photo, new PixelBox(0, 0, 40, 60), cancellationToken: Cancellation).Labels.Pixels, clipped.Labels.Pixels);
        Assert.Equal(
            segmenter.Segment(Photo, cancellationToken: Cancellation).Labels.Pixels,
            segmenter.Segment(Photo, Photo.Bounds, cancellationToken: Cancellation).Labels.Pixels);
    }

    [Theory]
    [InlineData(80, 0, 90, 10)]
    [InlineData(5, 5, 5, 20)]
    [InlineData(30, 30, 20, 40)]
    public void A_region_without_a_pixel_of_the_photo_is_refused(int x0, int y0, int x1, int y1)
    {
        using var segmenter = new FcnSegmenter(new FakeImageScorer());
        var error = Assert.Throws<ArgumentException>(() => segmenter.Segment(Photo, new PixelBox(x0, y0, x1, y1), cancellationToken: Cancellation));
        Assert.Contains("80×60", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Warming_up_runs_the_network_at_the_size_of_the_photos_to_come()
    {
        var scorer = new FakeImageScorer();
        using var segmenter = new FcnSegmenter(scorer);
        segmenter.WarmUp(new ImageSize(64, 48), Cancellation);
        segmenter.WarmUp(cancellationToken: Cancellation);
        Assert.Equal([(64, 48), (500, 375)], scorer.Seen.Select(seen => (seen.Width, seen.Height)));
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => segmenter.WarmUp(cancellationToken: canceled.Token));
    }

    [Fact]
    public void The_picture_that_warms_up_has_as_many_proposals_as_a_photo()
    {
        var scorer = new FakeScorer();
        using var segmenter = new ProposalSegmenter(scorer, options: ProposalSegmenterOptions.Default with { MaxProposals = 30 });
        segmenter.WarmUp(cancellationToken: Cancellation);
        Assert.Equal(30, scorer.Seen.Count);
    }

    private static RgbImage TwoRectangles()
    {
        var pixels = Photos.WithRectangle(80, 60, new PixelBox(20, 10, 40, 30), 230, 10, 10).Pixels.ToArray();
        var other = Photos.WithRectangle(80, 60, new PixelBox(55, 40, 75, 55), 230, 10, 10).Pixels;
        for (var i = 3 * 80 * 40; i < pixels.Length; i++)
            pixels[i] = other[i];
        return new RgbImage(80, 60, pixels);
    }
}
