using DeconvNet.Imaging;
using DeconvNet.Proposals.Edges;
using DeconvNet.Proposals.Search;

namespace DeconvNet.Tests.Proposals;

public class EdgeBoxesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_bright_disc_is_the_best_box()
    {
        var disc = new PixelBox(60, 40, 140, 130);

        var boxes = new EdgeBoxes().Generate(Disc(200, 160, disc), 10, Cancellation);

        Assert.True(boxes[0].Box.IoU(disc) > 0.8, boxes[0].ToString());
    }

    [Fact]
    public void Boxes_lie_inside_best_first_and_overlap_no_more_than_beta()
    {
        var options = new EdgeBoxesOptions { Beta = 0.6f };
        var image = EdgeReference.Photo("rocket");

        var boxes = new EdgeBoxes(options).Generate(image, 150, Cancellation);

        Assert.Equal(150, boxes.Count);
        Assert.Equal(boxes.OrderByDescending(box => box.Score), boxes);
        Assert.All(boxes, box => Assert.Equal(box.Box, box.Box.Intersect(image.Bounds)));
        Assert.All(boxes, box => Assert.False(box.Box.IsEmpty));
        for (var i = 0; i < boxes.Count; i++)
        {
            // Suppression takes sides as lengths, one less than the number of pixels.
            for (var j = 0; j < i; j++)
                Assert.True(Shortened(boxes[i].Box).IoU(Shortened(boxes[j].Box)) <= 0.6f + 1e-6);
        }

        static PixelBox Shortened(PixelBox box) => box with { X1 = box.X1 - 1, Y1 = box.Y1 - 1 };
    }

    [Fact]
    public void Fewer_boxes_are_the_first_of_more_boxes()
    {
        var image = EdgeReference.Photo("rocket");
        var generator = new EdgeBoxes();

        Assert.Equal(generator.Generate(image, 200, Cancellation).Take(20), generator.Generate(image, 20, Cancellation));
        Assert.Equal(7, new EdgeBoxes(new EdgeBoxesOptions { MaxBoxes = 7 }).Generate(image, 20, Cancellation).Count);
    }

    [Fact]
    public async Task One_instance_gives_equal_boxes_again_and_from_many_threads_and_with_any_number_of_threads()
    {
        var image = EdgeReference.Photo("rocket");
        var shared = new EdgeBoxes();
        var expected = new EdgeBoxes(new EdgeBoxesOptions { MaxDegreeOfParallelism = 1 }).Generate(image, 1000, Cancellation);

        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => shared.Generate(image, 1000, Cancellation), Cancellation)));

        Assert.All(all, boxes => Assert.Equal(expected, boxes));
        Assert.Equal(expected, shared.Generate(image, 1000, Cancellation));
    }

    [Fact]
    public void The_single_steps_give_the_same_boxes()
    {
        var image = EdgeReference.Photo("rocket");
        var edges = new GradientEdges().Detect(image, TestContext.Current.CancellationToken);
        var orientation = EdgeOrientation.Compute(edges);
        var thin = EdgeSuppression.Suppress(edges, orientation);

        Assert.Equal(
            new EdgeBoxes().Generate(image, 1000, Cancellation),
            new EdgeBoxes().Generate(thin, orientation, 1000, Cancellation));
    }

    [Fact]
    public void A_large_photo_is_searched_small_and_its_boxes_are_scaled_back()
    {
        var disc = new PixelBox(900, 600, 2100, 1800);

        var boxes = new EdgeBoxes(new EdgeBoxesOptions { MaxSide = 240 }).Generate(Disc(3000, 2400, disc), 10, Cancellation);

        Assert.True(boxes[0].Box.IoU(disc) > 0.8, boxes[0].ToString());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(2000, 1)]
    [InlineData(120, 90)]
    public void An_image_without_structure_or_room_gives_no_box(int width, int height)
    {
        var flat = new byte[3 * width * height];
        Array.Fill(flat, (byte)200);
        Assert.Empty(new EdgeBoxes().Generate(new RgbImage(width, height, flat), 50, Cancellation));

        if (width < 10 || height < 10)
        {
            var noise = new byte[flat.Length];
            new Random(1).NextBytes(noise);
            Assert.Empty(new EdgeBoxes().Generate(new RgbImage(width, height, noise), 50, Cancellation));
        }
    }

    [Fact]
    public void The_search_ends_even_in_a_map_full_of_edges()
    {
        var edges = new EdgeMap(300, 200, [.. Enumerable.Repeat(1f, 300 * 200)]);
        var orientation = new EdgeMap(300, 200, new float[300 * 200]);

        var boxes = new EdgeBoxes().Generate(edges, orientation, cancellationToken: Cancellation);

        Assert.All(boxes, box => Assert.InRange(box.Score, 0, float.MaxValue));
    }

    [Fact]
    public void Maps_with_NaN_or_of_other_sizes_are_refused()
    {
        var generator = new EdgeBoxes();
        var good = new EdgeMap(40, 30, new float[1200]);
        EdgeMap With(float value) => new(40, 30, [.. Enumerable.Repeat(0f, 1199), value]);

        var error = Assert.Throws<ArgumentException>(() => generator.Generate(With(float.NaN), good, cancellationToken: Cancellation));
        Assert.Contains("column 39, row 29", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => generator.Generate(With(float.PositiveInfinity), good, cancellationToken: Cancellation));
        Assert.Throws<ArgumentException>(() => generator.Generate(good, With(float.NaN), cancellationToken: Cancellation));
        Assert.Throws<ArgumentException>(() => generator.Generate(good, With(-1), cancellationToken: Cancellation));
        Assert.Throws<ArgumentException>(() => generator.Generate(good, new EdgeMap(30, 40, new float[1200]), cancellationToken: Cancellation));
        Assert.Throws<ArgumentOutOfRangeException>(() => generator.Generate(good, good, 0, Cancellation));
        Assert.Throws<ArgumentOutOfRangeException>(() => generator.Generate(new RgbImage(1, 1, new byte[3]), 0, Cancellation));
    }

    [Fact]
    public void A_canceled_search_ends()
    {
        var canceled = new CancellationToken(true);

        Assert.ThrowsAny<OperationCanceledException>(() => new EdgeBoxes().Generate(EdgeReference.Photo("rocket"), 50, canceled));
        Assert.ThrowsAny<OperationCanceledException>(
            () => new EdgeBoxes().Generate(EdgeReference.Map("rocket.E_nms"), EdgeReference.Map("rocket.O"), 50, canceled));
    }

    public static TheoryData<EdgeBoxesOptions, string> BadOptions => new()
    {
        { new EdgeBoxesOptions { Alpha = 1 }, "Alpha" },
        { new EdgeBoxesOptions { Alpha = float.NaN }, "Alpha" },
        { new EdgeBoxesOptions { Beta = 0 }, "Beta" },
        { new EdgeBoxesOptions { Eta = 1.5f }, "Eta" },
        { new EdgeBoxesOptions { MinScore = -1 }, "MinScore" },
        { new EdgeBoxesOptions { MaxBoxes = 0 }, "MaxBoxes" },
        { new EdgeBoxesOptions { EdgeMinMagnitude = float.NaN }, "EdgeMinMagnitude" },
        { new EdgeBoxesOptions { EdgeMergeThreshold = 0 }, "EdgeMergeThreshold" },
        { new EdgeBoxesOptions { ClusterMinMagnitude = -0.1f }, "ClusterMinMagnitude" },
        { new EdgeBoxesOptions { MaxAspectRatio = 0.5f }, "MaxAspectRatio" },
        { new EdgeBoxesOptions { MinBoxArea = 0 }, "MinBoxArea" },
        { new EdgeBoxesOptions { Gamma = float.PositiveInfinity }, "Gamma" },
        { new EdgeBoxesOptions { Kappa = -2 }, "Kappa" },
        { new EdgeBoxesOptions { MaxSide = 0 }, "MaxSide" },
        { new EdgeBoxesOptions { MaxDegreeOfParallelism = 0 }, "MaxDegreeOfParallelism" },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Options_out_of_range_are_refused_by_name(EdgeBoxesOptions options, string name)
        => Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => new EdgeBoxes(options)).ParamName);

    private static RgbImage Disc(int width, int height, PixelBox disc)
    {
        var pixels = new byte[3 * width * height];
        for (var y = disc.Y0; y < disc.Y1; y++)
        {
            for (var x = disc.X0; x < disc.X1; x++)
            {
                var (right, down) = ((2.0 * (x - disc.X0) / disc.Width) - 1, (2.0 * (y - disc.Y0) / disc.Height) - 1);
                if ((right * right) + (down * down) < 1)
                    pixels.AsSpan(3 * ((y * width) + x), 3).Fill(255);
            }
        }

        return new RgbImage(width, height, pixels);
    }
}
