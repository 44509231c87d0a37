using System.Globalization;
using DeconvNet.Proposals;
using DeconvNet.Proposals.Edges;
using DeconvNet.Proposals.Search;

namespace DeconvNet.Tests.Proposals;

public class EdgeBoxesReferenceTests
{
    public static TheoryData<string, string> PhotosAndSettings
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var photo in EdgeReference.Photos)
            {
                foreach (var setting in EdgeReference.Settings)
                    data.Add(photo, setting);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(PhotosAndSettings))]
    public void Boxes_and_intermediate_counts_equal_OpenCV(string photo, string setting)
    {
        var options = EdgeReference.Options(setting);
        var cancellation = TestContext.Current.CancellationToken;
        var (edges, orientation) = (EdgeReference.Map($"{photo}.E_nms"), EdgeReference.Map($"{photo}.O"));
        var tables = new ScoreTables(edges, orientation, options, cancellation);
        var search = new WindowSearch(tables, options);
        var windows = search.Run(cancellation);

        int Expected(string count) => EdgeReference.Stage(photo, setting, count);
        Assert.Equal(Expected("groups"), tables.Edges.Groups.Length - 1);
        Assert.Equal(Expected("affinity_pairs"), tables.Edges.Pairs.Count);
        Assert.Equal(Expected("grid_windows"), search.GridCount);
        Assert.Equal(Expected("windows_with_score"), windows.Length);

        var boxes = EdgeBoxes.Select(windows, options, int.MaxValue, cancellation);
        Assert.InRange(Agreement(EdgeReference.Boxes($"{photo}.{setting}"), boxes), 0.99, 1);
        Assert.Equal(boxes.OrderByDescending(box => box.Score), boxes);
    }

    [Fact]
    public void The_public_call_gives_the_same_boxes()
    {
        var boxes = new EdgeBoxes().Generate(
            EdgeReference.Map("rocket.E_nms"), EdgeReference.Map("rocket.O"), cancellationToken: TestContext.Current.CancellationToken);

        Assert.InRange(Agreement(EdgeReference.Boxes("rocket.default"), boxes), 0.99, 1);
    }

    [Fact]
    public void Groups_and_affinities_equal_the_reference()
    {
        var (edges, orientation) = (EdgeReference.Map("rocket.E_nms"), EdgeReference.Map("rocket.O"));
        var tables = new ScoreTables(edges, orientation, new EdgeBoxesOptions(), TestContext.Current.CancellationToken);

        var labels = EdgeReference.Labels("rocket.groups").Values;
        for (var i = 0; i < labels.Length; i++)
            Assert.Equal(Math.Max(0, labels[i]), Math.Max(0, tables.Labels[(i % edges.Width * edges.Height) + (i / edges.Width)]));

        var pairs = tables.Edges.Pairs.ToDictionary(pair => (pair.A, pair.B), pair => pair.Affinity);
        foreach (var line in EdgeReference.Lines("rocket.groups.txt"))
        {
            var parts = line.Split(' ');
            var first = int.Parse(parts[1], CultureInfo.InvariantCulture);
            if (parts[0] == "g")
            {
                var group = tables.Edges.Groups[first];
                Assert.Equal(float.Parse(parts[2], CultureInfo.InvariantCulture), group.Magnitude, 1e-6f * group.Magnitude);
                Assert.Equal(string.Join(' ', parts[3..]), $"{group.X} {group.Y}");
            }
            else
            {
                var second = int.Parse(parts[2], CultureInfo.InvariantCulture);
                Assert.True(pairs.Remove((Math.Min(first, second), Math.Max(first, second)), out var affinity), line);
                Assert.Equal(float.Parse(parts[3], CultureInfo.InvariantCulture), affinity, 1e-6f);
            }
        }

        Assert.Empty(pairs);
    }

    [Theory]
    [InlineData("chelsea")]
    [InlineData("rocket")]
    public void Boxes_on_forest_edges_equal_OpenCV(string photo)
    {
        var edges = EdgeReference.Map($"{photo}.E_sed");
        var orientation = EdgeOrientation.Compute(edges);
        var thin = EdgeSuppression.Suppress(edges, orientation);

        var boxes = new EdgeBoxes(new EdgeBoxesOptions { MaxBoxes = 1000 }).Generate(thin, orientation, cancellationToken: TestContext.Current.CancellationToken);

        // Orientation is ours here, and single pixels on the brink change their group.
        Assert.InRange(Agreement(EdgeReference.Boxes($"{photo}.sed"), boxes), 0.75, 1);
    }

    [Theory]
    [InlineData("rocket")]
    [InlineData("chelsea")]
    public void The_whole_chain_from_the_photo_finds_most_of_the_same_boxes(string photo)
    {
        var expected = EdgeReference.Boxes($"{photo}.default");

        var boxes = new EdgeBoxes().Generate(EdgeReference.Photo(photo), 10000, TestContext.Current.CancellationToken);

        Assert.InRange(Agreement(expected, boxes), 0.75, 1);
    }

    /// <summary>Share of boxes that are in both lists with scores within 1e-5, of the longer list.</summary>
    private static double Agreement(Proposal[] expected, IReadOnlyCollection<Proposal> actual)
    {
        var scores = expected.ToLookup(proposal => proposal.Box, proposal => proposal.Score);
        var same = actual.Count(proposal => scores[proposal.Box].Any(score => Math.Abs(score - proposal.Score) <= 1e-5));
        return (double)same / Math.Max(expected.Length, actual.Count);
    }
}
