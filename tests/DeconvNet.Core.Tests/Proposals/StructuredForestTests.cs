using System.Globalization;
using DeconvNet.Imaging;
using DeconvNet.Proposals.Edges;
using DeconvNet.Proposals.Forest;
using DeconvNet.Proposals.Search;

namespace DeconvNet.Tests.Proposals;

public class StructuredForestTests
{
    private static readonly Lazy<StructuredForest> Forest = new(() => StructuredForest.Load(new MemoryStream(EdgeReference.Bytes("sed_synthetic_forest.yml.gz"))));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_file_of_OpenCV_has_the_stated_shape()
    {
        var forest = Forest.Value;
        Assert.Equal(
            new ForestShape
            {
                Stride = 2,
                ShrinkNumber = 2,
                PatchSize = 32,
                PatchInnerSize = 16,
                NumberOfGradientOrientations = 4,
                GradientSmoothingRadius = 0,
                RegFeatureSmoothingRadius = 2,
                SsFeatureSmoothingRadius = 8,
                GradientNormalizationRadius = 4,
                SelfsimilarityGridSize = 5,
                NumberOfTrees = 8,
                NumberOfTreesToEvaluate = 4,
            },
            forest.Shape);
        Assert.Equal(237, forest.NodesPerTree);
        Assert.Equal(19188, forest.Bins.Length);
        Assert.Equal(7228, forest.Shape.Features);

        // Reached from the roots; the trees are padded with unreachable nodes.
        var (leaves, empty, regular, selfSimilar) = (0, 0, 0, 0);
        for (var tree = 0; tree < forest.Shape.NumberOfTrees; tree++)
        {
            var open = new Stack<int>([0]);
            while (open.TryPop(out var at))
            {
                var node = forest.Nodes[(tree * forest.NodesPerTree) + at];
                if (node.Child == 0)
                {
                    leaves++;
                    empty += node.FirstBin == node.EndBin ? 1 : 0;
                    continue;
                }

                if (node.Feature < forest.Shape.RegularFeatures)
                    regular++;
                else
                    selfSimilar++;
                open.Push(node.Child);
                open.Push(node.Child + 1);
            }
        }

        Assert.Equal((914, 112, 559, 347), (leaves, empty, regular, selfSimilar));
    }

    [Fact]
    public void The_13_feature_channels_are_those_of_OpenCV()
    {
        var channels = ForestFeatures.Channels(EdgeReference.Photo("rocket"), Forest.Value.Shape);
        foreach (var line in EdgeReference.Lines("rocket.sed_features.txt"))
        {
            var numbers = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => float.Parse(number, CultureInfo.InvariantCulture)).ToArray();
            for (var c = 0; c < 13; c++)
                Assert.Equal(numbers[2 + c], channels.Planes[c][((int)numbers[0] * channels.Width) + (int)numbers[1]], 1e-5f);
        }
    }

    [Theory]
    [InlineData("rocket", 0.0954369, 0.5922852, 9089)]
    [InlineData("chelsea", 0.1686876, 0.4584961, 1463)]
    public void Edges_are_those_of_OpenCV_but_for_pixels_at_the_border_of_a_bin(string photo, double mean, double most, int zeros)
    {
        var expected = EdgeReference.Map($"{photo}.E_sed");
        var actual = new StructuredForestEdges(Forest.Value).Detect(EdgeReference.Photo(photo), Token);

        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        var (others, largest) = (0, 0f);
        for (var i = 0; i < expected.Values.Length; i++)
        {
            var difference = MathF.Abs(expected.Values[i] - actual.Values[i]);
            others += difference > 1e-6f ? 1 : 0;
            largest = Math.Max(largest, difference);
        }

        Assert.InRange(others, 0, 200);
        Assert.InRange(largest, 0, 0.0075f);
        Assert.Equal(mean, actual.Values.ToArray().Average(), 1e-5);
        Assert.Equal(most, actual.Values.ToArray().Max(), 0.0075);
        Assert.InRange(actual.Values.ToArray().Count(value => value == 0), zeros - 20, zeros + 20);
    }

    [Fact]
    public void Boxes_of_the_whole_chain_agree_as_well_as_two_other_programs_do()
    {
        var expected = EdgeReference.Boxes("rocket.sed").ToLookup(proposal => proposal.Box);
        var boxes = new EdgeBoxes(new EdgeBoxesOptions { MaxBoxes = 1000 }, new StructuredForestEdges(Forest.Value))
            .Generate(EdgeReference.Photo("rocket"), 1000, Token);

        var same = boxes.Count(proposal => expected[proposal.Box].Any(other => Math.Abs(other.Score - proposal.Score) <= 1e-5));
        Assert.InRange((double)same / Math.Max(expected.Count, boxes.Count), 0.75, 1);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(33, 7)]
    [InlineData(47, 61)]
    public void Any_size_gives_a_map_of_that_size_and_one_color_gives_no_edge_inside(int width, int height)
    {
        var detector = new StructuredForestEdges(Forest.Value);
        var noise = new byte[3 * width * height];
        new Random(1).NextBytes(noise);
        var map = detector.Detect(new RgbImage(width, height, noise), Token);

        Assert.Equal((width, height), (map.Width, map.Height));
        Assert.DoesNotContain(map.Values.ToArray(), value => !float.IsFinite(value) || value < 0);
        Assert.Empty(new EdgeBoxes(detector: detector).Generate(new RgbImage(1, 1, new byte[3]), 10, Token));
    }

    [Fact]
    public void The_map_does_not_depend_on_what_ran_before_or_beside_it()
    {
        var detector = new StructuredForestEdges(Forest.Value);
        var photo = EdgeReference.Photo("rocket");
        var once = detector.Detect(photo, Token).Values.ToArray();
        var maps = new float[4][];
        Parallel.For(0, maps.Length, i => maps[i] = detector.Detect(photo, Token).Values.ToArray());
        Assert.All(maps, map => Assert.Equal(once, map));
    }

    [Fact]
    public void Edge_Boxes_uses_the_detector_it_is_given_and_refuses_a_map_of_another_size()
    {
        var photo = EdgeReference.Photo("rocket");
        var gradient = new EdgeBoxes().Generate(photo, 100, Token);
        var forest = new EdgeBoxes(detector: new StructuredForestEdges(Forest.Value)).Generate(photo, 100, Token);
        Assert.NotEqual(gradient, forest);

        var error = Assert.Throws<ArgumentException>(() => new EdgeBoxes(detector: new WrongSize()).Generate(photo, 10, Token));
        Assert.Contains("320×214", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_of_the_detector_tells_forests_apart_that_differ_in_a_single_threshold()
    {
        var forest = Forest.Value;
        var nodes = forest.Nodes.ToArray();
        nodes[0] = nodes[0] with { Threshold = MathF.BitIncrement(nodes[0].Threshold) };
        var other = new StructuredForest(forest.Shape, nodes, forest.Bins);

        Assert.Equal(new StructuredForestEdges(forest).ToString(), new StructuredForestEdges(new StructuredForest(forest.Shape, [.. forest.Nodes], forest.Bins)).ToString());
        Assert.NotEqual(new StructuredForestEdges(forest).ToString(), new StructuredForestEdges(other).ToString());
    }

    [Fact]
    public void Canceling_ends_the_search()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => new StructuredForestEdges(Forest.Value).Detect(EdgeReference.Photo("rocket"), stop.Token));
    }

    private sealed class WrongSize : IEdgeDetector
    {
        public EdgeMap Detect(RgbImage image, CancellationToken cancellationToken = default) => new(2, 2, new float[4]);
    }
}
