using System.Runtime.Intrinsics;
using DeconvNet.Imaging;
using DeconvNet.Proposals.Edges;
using DeconvNet.Proposals.Ranking;
using DeconvNet.Proposals.Search;

namespace DeconvNet.Tests.Proposals;

public class BoxFeaturesTests
{
    [Fact]
    public void Sums_of_cells_are_those_counted_one_by_one()
    {
        var random = new Random(1);
        const int Columns = 7, Rows = 5, Channels = 21;
        var cells = Enumerable.Range(0, Columns * Rows * Channels).Select(_ => random.Next(100)).ToArray();
        var sums = new CellSums(Columns, Rows, Channels);
        for (var i = 0; i < Columns * Rows; i++)
            cells.AsSpan(i * Channels, Channels).CopyTo(sums.Cell(i % Columns, i / Columns));
        sums.AddUp();
        var found = new int[Channels];

        foreach (var box in (CellBox[])[new(0, 0, 7, 5), new(2, 1, 6, 4), new(3, 3, 4, 4), new(5, 2, 5, 4)])
        {
            sums.Sum(box, found);

            for (var channel = 0; channel < Channels; channel++)
            {
                var expected = 0;
                for (var y = box.Y0; y < box.Y1; y++)
                {
                    for (var x = box.X0; x < box.X1; x++)
                        expected += cells[(((y * Columns) + x) * Channels) + channel];
                }

                Assert.Equal(expected, found[channel]);
            }
        }
    }

    [Fact]
    public void Edges_are_summed_by_direction_and_boxes_are_clipped()
    {
        var strengths = new float[12];
        var directions = new float[12];
        (strengths[5], directions[5]) = (1, 0);
        (strengths[6], directions[6]) = (0.5f, MathF.PI / 2);
        (strengths[7], directions[7]) = (0.05f, 0);
        (strengths[11], directions[11]) = (0.25f, 3.1f);

        var sums = new EdgeSums(new EdgeMap(4, 3, strengths), new EdgeMap(4, 3, directions), minMagnitude: 0.1f);

        Assert.Equal(Vector128.Create(80, 0, 32, 0), sums.Sum(-5, -5, 50, 50));
        Assert.Equal(Vector128.Create(64, 0, 0, 0), sums.Sum(0, 0, 2, 2));
        Assert.Equal(Vector128<int>.Zero, sums.Sum(3, 0, 4, 2));
    }

    [Fact]
    public void Regions_of_one_color_are_found_larger_first()
    {
        var steps = new ColorSteps(TwoColors(40, 20, border: 28));

        using var segments = ColorSegments.Label(steps, tolerance: 100);
        var labels = segments.Span;

        Assert.Equal((20, 10), (steps.Width, steps.Height));
        for (var i = 0; i < labels.Length; i++)
            Assert.Equal(i % 20 < 14 ? 0 : 1, labels[i]);
    }

    [Fact]
    public void A_box_straddles_what_it_cuts_and_nothing_else()
    {
        var steps = new ColorSteps(TwoColors(40, 20, border: 28));
        var sums = new SegmentSums(ColorSegments.Label(steps, 100).Span, steps.Width, steps.Height);

        Assert.Equal(0, sums.Straddling(new CellBox(0, 0, 7, 5)));
        Assert.Equal(0, sums.Straddling(new CellBox(0, 0, 10, 5)));

        // It holds 15 cells of the larger region and leaves out 20: the smaller part counts, which is the whole box.
        Assert.Equal(1, sums.Straddling(new CellBox(4, 0, 7, 5)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(17, 64)]
    [InlineData(41, 5)]
    public void Features_are_numbers_whatever_the_size(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        new Random(3).NextBytes(pixels);
        var map = new EdgeMap(width, height, [.. pixels.Where((_, i) => i % 3 == 0).Select(value => value / 255f)]);
        var zero = new EdgeMap(width, height, new float[width * height]);
        var image = new RgbImage(width, height, pixels);
        var options = new EdgeBoxesOptions();
        var scores = new ScoreTables(map, zero, options, TestContext.Current.CancellationToken);
        var measure = new BoxFeatures(image.Bounds, new EdgeSums(map, zero, options.EdgeMinMagnitude), scores, new ColorTables(image));
        var features = new float[BoxFeatures.Count];

        foreach (var window in (Window[])[new(0, 0, width - 1, height - 1), new(width - 1, height - 1, 0, 0), new(width / 3, height / 3, width / 3, height / 3)])
        {
            measure.Measure(window, score: 0, rank: 0, bestScore: 0, features);
            Assert.All(features, value => Assert.True(float.IsFinite(value)));
        }
    }

    private static RgbImage TwoColors(int width, int height, int border)
    {
        var pixels = new byte[3 * width * height];
        for (var i = 0; i < width * height; i++)
            pixels.AsSpan(3 * i, 3).Fill(i % width < border ? (byte)40 : (byte)220);
        return new RgbImage(width, height, pixels);
    }
}
