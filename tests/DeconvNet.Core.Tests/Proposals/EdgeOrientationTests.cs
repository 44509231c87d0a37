using DeconvNet.Proposals.Edges;

namespace DeconvNet.Tests.Proposals;

public class EdgeOrientationTests
{
    public static TheoryData<string> Photos => [.. EdgeReference.Photos];

    [Theory]
    [MemberData(nameof(Photos))]
    public void Orientation_equals_OpenCV_except_at_discontinuities(string photo)
    {
        var expected = EdgeReference.Map($"{photo}.O").Values;

        var orientation = EdgeOrientation.Compute(EdgeReference.Map($"{photo}.E_raw")).Values;

        var turns = new float[expected.Length];
        for (var i = 0; i < turns.Length; i++)
        {
            var turn = Math.Abs(expected[i] - orientation[i]);
            turns[i] = Math.Min(turn, MathF.PI - turn);
        }

        Array.Sort(turns);
        Assert.InRange(turns[turns.Length / 2], 0, 3e-6f);
        Assert.InRange(turns.Count(turn => turn > 1e-4f), 0, turns.Length * 5 / 1000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(45)]
    [InlineData(80)]
    [InlineData(150)]
    public void A_straight_ridge_gives_the_direction_whose_tangent_is_squared(int degrees)
    {
        const int side = 61;
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        var values = new float[side * side];
        for (var i = 0; i < values.Length; i++)
        {
            var distance = (((i % side) - 30) * cos) + (((i / side) - 30) * sin);
            values[i] = (float)Math.Exp(-distance * distance / 8);
        }

        var orientation = EdgeOrientation.Compute(new EdgeMap(side, side, values))[30, 30];

        var tangent = sin / cos;
        Assert.Equal(0, Math.IEEERemainder(orientation - Math.Atan(tangent * Math.Abs(tangent)), Math.PI), 0.02);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(1, 20)]
    public void Tiny_maps_are_all_zero(int width, int height)
    {
        var values = Enumerable.Range(0, width * height).Select(i => (float)(i % 3)).ToArray();

        var orientation = EdgeOrientation.Compute(new EdgeMap(width, height, values));

        Assert.Equal((width, height), (orientation.Width, orientation.Height));
        Assert.Equal(0, orientation[0, 0]);
    }

    [Fact]
    public void NaN_is_refused_with_its_position()
    {
        var values = new float[12];
        values[7] = float.NaN;

        var error = Assert.Throws<ArgumentException>(() => EdgeOrientation.Compute(new EdgeMap(4, 3, values)));

        Assert.Contains("column 3, row 1", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => EdgeOrientation.Compute(new EdgeMap(4, 3, new float[12]), 1));
    }
}
