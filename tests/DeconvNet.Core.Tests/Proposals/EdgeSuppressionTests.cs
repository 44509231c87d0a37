using DeconvNet.Proposals.Edges;

namespace DeconvNet.Tests.Proposals;

public class EdgeSuppressionTests
{
    public static TheoryData<string> Photos => [.. EdgeReference.Photos];

    [Theory]
    [MemberData(nameof(Photos))]
    public void Thin_edges_are_identical_to_OpenCV(string photo)
    {
        var thin = EdgeSuppression.Suppress(EdgeReference.Map($"{photo}.E_raw"), EdgeReference.Map($"{photo}.O"));

        Assert.Equal(EdgeReference.Map($"{photo}.E_nms").Values, thin.Values);
    }

    [Fact]
    public void Radius_border_and_multiplier_act_as_in_OpenCV()
    {
        var thin = EdgeSuppression.Suppress(EdgeReference.Map("rocket.E_raw"), EdgeReference.Map("rocket.O"), radius: 1, border: 5, multiplier: 1.01f);

        Assert.Equal(EdgeReference.Map("rocket.E_nms_r1_s5_m101").Values, thin.Values);
    }

    [Fact]
    public void Suppressing_twice_changes_nothing_more()
    {
        var orientation = EdgeReference.Map("rocket.O");
        var once = EdgeSuppression.Suppress(EdgeReference.Map("rocket.E_raw"), orientation);

        var twice = EdgeSuppression.Suppress(once, orientation);

        Assert.Equal(once.Values, twice.Values);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(1, 9)]
    public void Plateaus_survive_in_maps_of_any_size(int width, int height)
    {
        var plateau = Enumerable.Repeat(0.5f, width * height).ToArray();

        var thin = EdgeSuppression.Suppress(new EdgeMap(width, height, plateau), new EdgeMap(width, height, new float[width * height]));

        Assert.Equal(plateau, thin.Values);
    }

    [Fact]
    public void Maps_that_do_not_fit_are_refused()
    {
        var map = new EdgeMap(4, 3, new float[12]);
        var infinite = new EdgeMap(4, 3, [.. Enumerable.Repeat(float.PositiveInfinity, 12)]);

        Assert.Throws<ArgumentException>(() => EdgeSuppression.Suppress(map, new EdgeMap(3, 4, new float[12])));
        Assert.Throws<ArgumentException>(() => EdgeSuppression.Suppress(infinite, map));
        Assert.Throws<ArgumentException>(() => EdgeSuppression.Suppress(map, infinite));
        Assert.Throws<ArgumentOutOfRangeException>(() => EdgeSuppression.Suppress(map, map, radius: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => EdgeSuppression.Suppress(map, map, border: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => EdgeSuppression.Suppress(map, map, multiplier: float.NaN));
    }
}
