using DeconvNet.Imaging;
using DeconvNet.Proposals;
using DeconvNet.Proposals.Ranking;
using DeconvNet.Proposals.Search;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Proposals;

public class RankedEdgeBoxesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Boxes_lie_inside_and_come_best_first_with_scores_from_0_to_1()
    {
        var image = EdgeReference.Photo("rocket");

        var boxes = new RankedEdgeBoxes().Generate(image, 1000, Cancellation);

        Assert.True(boxes.Count > 200);
        Assert.Equal(boxes.OrderByDescending(box => box.Score), boxes);
        Assert.All(boxes, box => Assert.Equal(box.Box, box.Box.Intersect(image.Bounds)));
        Assert.All(boxes, box => Assert.InRange(box.Score, 0, 1));
        Assert.Equal(boxes.Count, boxes.Select(box => box.Box).Distinct().Count());
    }

    [Fact]
    public void The_boxes_are_those_of_the_search_in_another_order()
    {
        var image = EdgeReference.Photo("rocket");
        var searched = new EdgeBoxes(RankedEdgeBoxesOptions.Default.Candidates).Generate(image, int.MaxValue, Cancellation).Select(proposal => proposal.Box).ToHashSet();

        var ranked = new RankedEdgeBoxes().Generate(image, int.MaxValue, Cancellation).Select(proposal => proposal.Box).ToList();

        Assert.Equal(searched.Count, ranked.Count);
        Assert.True(searched.SetEquals(ranked));
    }

    [Fact]
    public void The_first_boxes_differ_more_than_those_of_the_search()
    {
        var image = EdgeReference.Photo("rocket");
        var candidates = RankedEdgeBoxesOptions.Default.Candidates;

        Assert.True(MeanOverlap(new RankedEdgeBoxes().Generate(image, 20, Cancellation)) < MeanOverlap(new EdgeBoxes(candidates).Generate(image, 20, Cancellation)));

        static double MeanOverlap(IReadOnlyList<Proposal> boxes) => boxes.SelectMany(_ => boxes, (a, b) => a.Box.IoU(b.Box)).Average();
    }

    [Fact]
    public async Task One_instance_gives_equal_boxes_again_and_from_many_threads_and_with_any_number_of_threads()
    {
        var image = EdgeReference.Photo("rocket");
        var shared = new RankedEdgeBoxes();
        var candidates = RankedEdgeBoxesOptions.Default.Candidates with { MaxDegreeOfParallelism = 1 };
        var expected = new RankedEdgeBoxes(options: new RankedEdgeBoxesOptions { Candidates = candidates }).Generate(image, 300, Cancellation);

        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => shared.Generate(image, 300, Cancellation), Cancellation)));

        Assert.All(all, boxes => Assert.Equal(expected, boxes));
    }

    [Fact]
    public void A_large_photo_is_searched_small_and_its_boxes_are_scaled_back()
    {
        var image = Disc(1600, 1200, new PixelBox(400, 300, 1000, 800));
        var small = image.ResizeAntialiased(500, 375);

        var boxes = new RankedEdgeBoxes().Generate(image, 200, Cancellation);

        Assert.All(boxes, box => Assert.Equal(box.Box, box.Box.Intersect(image.Bounds)));
        Assert.Equal(new RankedEdgeBoxes().Generate(small, 200, Cancellation).Select(box => (Scaled(box.Box), box.Score)), boxes.Select(box => (box.Box, box.Score)));
        Assert.True(boxes[0].Box.IoU(new PixelBox(400, 300, 1000, 800)) > 0.5);

        static PixelBox Scaled(PixelBox box) => new(Round(box.X0), Round(box.Y0), Round(box.X1), Round(box.Y1));
        static int Round(int place) => (int)Math.Round(place * 3.2);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(300, 200)]
    public void Where_there_are_no_edges_there_are_no_boxes(int width, int height)
        => Assert.Empty(new RankedEdgeBoxes().Generate(new RgbImage(width, height, new byte[3 * width * height]), 50, Cancellation));

    [Fact]
    public void Training_learns_where_objects_are_and_is_equal_each_time()
    {
        var options = new RankerTrainingOptions { TreeCount = 15, MinSamplesLeaf = 10 };
        var trained = ProposalRanker.Train(Discs(1, 8), options, cancellationToken: Cancellation);
        using var folder = new TemporaryFolder();

        trained.Save(folder["first.bin"]);
        ProposalRanker.Train(Discs(1, 8), options, cancellationToken: Cancellation).Save(folder["second.bin"]);

        Assert.Equal(File.ReadAllBytes(folder["first.bin"]), File.ReadAllBytes(folder["second.bin"]));
        var generator = new RankedEdgeBoxes(ProposalRanker.Load(folder["first.bin"]));
        foreach (var (image, objects) in Discs(100, 3))
            Assert.True(generator.Generate(image, 1, Cancellation)[0].Box.IoU(objects[0]) > 0.7);
    }

    [Fact]
    public void Each_tree_leaves_less_error()
    {
        var errors = new List<double>();

        ProposalRanker.Train(
            Discs(1, 4), new RankerTrainingOptions { TreeCount = 6, MinSamplesLeaf = 10 }, new Listener(step => errors.Add(step.Error)), Cancellation);

        var trees = errors.SkipWhile(double.IsNaN).ToArray();
        Assert.Equal(6, trees.Length);
        Assert.Equal(trees.Distinct().OrderDescending(), trees);
    }

    [Theory]
    [InlineData(500, 500, 16)]
    [InlineData(727, 726, 16)]
    [InlineData(728, 727, 32)]
    [InlineData(2048, 2048, 128)]
    public void Sums_of_squares_fit_in_images_of_any_size(int width, int height, int unit)
    {
        Assert.Equal(unit, ColorSums.SquareUnit(new PixelBox(0, 0, width, height)));
        var white = new byte[3 * width * height];
        Array.Fill(white, (byte)255);
        var sums = ColorSums.Of(new RgbImage(width, height, white));
        var whole = new int[ColorSums.Channels];
        sums.Sum(new CellBox(0, 0, sums.Columns, sums.Rows), whole);

        Assert.Equal((long)width * height * (255 * 255 / unit), whole[3]);
        Assert.Equal(255L * width * height, whole[0]);
    }

    [Fact]
    public void A_side_whose_sums_would_not_fit_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>("Candidates.MaxSide", () => new RankedEdgeBoxes(options: new RankedEdgeBoxesOptions { Candidates = new EdgeBoxesOptions { MaxSide = 2049 } }));

    [Fact]
    public void Canceled_or_empty_work_is_refused()
    {
        var canceled = new CancellationToken(canceled: true);

        Assert.ThrowsAny<OperationCanceledException>(() => new RankedEdgeBoxes().Generate(EdgeReference.Photo("rocket"), 50, canceled));
        Assert.ThrowsAny<OperationCanceledException>(() => ProposalRanker.Train(Discs(1, 1), cancellationToken: canceled));
        Assert.Throws<ArgumentException>("examples", () => ProposalRanker.Train([], cancellationToken: Cancellation));
        Assert.Throws<ArgumentOutOfRangeException>("maxCount", () => new RankedEdgeBoxes().Generate(EdgeReference.Photo("rocket"), 0, Cancellation));
        Assert.Throws<FileNotFoundException>(() => ProposalRanker.Load("missing.bin"));
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("FreeOverlap", () => new RankedEdgeBoxes(options: new RankedEdgeBoxesOptions { FreeOverlap = -0.1f }));
        Assert.Throws<ArgumentOutOfRangeException>("FullOverlap", () => new RankedEdgeBoxes(options: new RankedEdgeBoxesOptions { FullOverlap = 0.45f }));
        Assert.Throws<ArgumentOutOfRangeException>("Beta", () => new RankedEdgeBoxes(options: new RankedEdgeBoxesOptions { Candidates = new EdgeBoxesOptions { Beta = 2 } }));
        Assert.Throws<ArgumentOutOfRangeException>("MaxLeaves", () => ProposalRanker.Train([], new RankerTrainingOptions { MaxLeaves = 1 }, cancellationToken: Cancellation));
    }

    private static IEnumerable<RankingExample> Discs(int seed, int count)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var (x, y, size) = (random.Next(90), random.Next(60), 40 + random.Next(50));
            var disc = new PixelBox(x, y, x + size, y + size);
            yield return new RankingExample(Disc(190, 160, disc), [disc]);
        }
    }

    /// <summary>A bright disc on a floor of weak tiles.</summary>
    private static RgbImage Disc(int width, int height, PixelBox box)
    {
        var pixels = new byte[3 * width * height];
        for (var i = 0; i < width * height; i++)
        {
            var (x, y) = (i % width, i / width);
            var inX = (2.0 * (x - box.X0) / box.Width) - 1;
            var inY = (2.0 * (y - box.Y0) / box.Height) - 1;
            var tile = ((x / 23) + (y / 19)) % 2 == 0 ? (byte)60 : (byte)85;
            pixels.AsSpan(3 * i, 3).Fill((inX * inX) + (inY * inY) < 1 ? (byte)220 : tile);
        }

        return new RgbImage(width, height, pixels);
    }

    private sealed class Listener(Action<RankerTrainingProgress> report) : IProgress<RankerTrainingProgress>
    {
        public void Report(RankerTrainingProgress value) => report(value);
    }
}
