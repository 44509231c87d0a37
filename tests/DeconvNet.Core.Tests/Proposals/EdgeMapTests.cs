using DeconvNet.Proposals.Edges;

namespace DeconvNet.Tests.Proposals;

public class EdgeMapTests
{
    [Fact]
    public void Values_are_row_major_and_columns_are_their_transpose()
    {
        const int width = 37, height = 18;
        var map = new EdgeMap(width, height, [.. Enumerable.Range(0, width * height).Select(i => (float)i)]);

        var columns = map.ToColumns().Span;

        Assert.Equal((5 * width) + 30, map[30, 5]);
        for (var i = 0; i < columns.Length; i++)
            Assert.Equal(map[i / height, i % height], columns[i]);
    }

    [Fact]
    public void An_array_of_another_size_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new EdgeMap(3, 2, new float[5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EdgeMap(0, 2, []));
        Assert.Throws<ArgumentNullException>(() => new EdgeMap(1, 1, null!));
    }
}
