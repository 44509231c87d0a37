using DeconvNet.Imaging;
using DeconvNet.Proposals.Edges;

namespace DeconvNet.Tests.Proposals;

public class GradientEdgesTests
{
    public static TheoryData<string> Photos => [.. EdgeReference.Photos];

    [Theory]
    [MemberData(nameof(Photos))]
    public void Edges_equal_the_reference(string photo)
    {
        var expected = EdgeReference.Map($"{photo}.E_raw");

        var edges = new GradientEdges().Detect(EdgeReference.Photo(photo), TestContext.Current.CancellationToken);

        Assert.Equal((expected.Width, expected.Height), (edges.Width, edges.Height));
        Assert.True(LargestDifference(expected, edges) <= 1e-6);
    }

    [Fact]
    public void A_step_between_two_halves_is_one_upright_edge_as_strong_on_both_sides()
    {
        var pixels = new byte[3 * 40 * 30];
        for (var i = 0; i < 40 * 30; i++)
            pixels[(3 * i) + 1] = i % 40 < 20 ? (byte)0 : (byte)255;

        var edges = new GradientEdges().Detect(new RgbImage(40, 30, pixels), TestContext.Current.CancellationToken);

        Assert.Equal(edges[19, 15], edges[20, 15], 1e-6f);
        Assert.True(edges[19, 15] > edges[17, 15] && edges[17, 15] > edges[14, 15]);
        Assert.Equal(0, edges[2, 15]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(50, 1)]
    public void A_single_color_has_no_edges(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        Array.Fill(pixels, (byte)77);

        var edges = new GradientEdges().Detect(new RgbImage(width, height, pixels), TestContext.Current.CancellationToken);

        Assert.All(edges.Values.ToArray(), value => Assert.Equal(0, value));
    }

    private static float LargestDifference(EdgeMap a, EdgeMap b)
    {
        var largest = 0f;
        for (var i = 0; i < a.Values.Length; i++)
            largest = Math.Max(largest, Math.Abs(a.Values[i] - b.Values[i]));
        return largest;
    }
}
