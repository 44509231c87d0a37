using DeconvNet.OnnxRuntime.Calibration;

namespace DeconvNet.OnnxRuntime.Tests.Calibration;

/// <summary>Ranges of 8 bits from values that were counted.</summary>
public class HistogramTests
{
    [Theory]
    [InlineData(100, 10000)]
    [InlineData(99.9, 9990)]
    [InlineData(90, 9000)]
    public void A_percentile_is_that_of_the_sorted_values(double percentile, float expected)
    {
        var histogram = Of(Enumerable.Range(1, 10000).Select(value => (float)value));
        Assert.Equal(expected, HistogramRange.Of(histogram, new Int8Options { Percentile = percentile }), 2 * histogram.Width);
    }

    [Fact]
    public void Zeros_and_negative_values_do_not_count() =>
        Assert.Equal(4, HistogramRange.Of(Of([-7, 0, 0, 0, 0, 0, 4, 4, 4]), new Int8Options { Percentile = 60 }), 0.01f);

    [Fact]
    public void Bins_grow_with_the_values_and_lose_none()
    {
        var random = new Random(3);
        float[] values = [.. Enumerable.Range(0, 5000).Select(i => MathF.Exp((float)random.NextDouble() * 12 * i / 5000))];
        var (rising, falling) = (Of(values), Of(values.OrderDescending()));
        Assert.Equal(values.Max(), rising.Largest);
        Assert.Equal(values.Length, rising.Bins.ToArray().Sum());
        Assert.Equal(falling.Bins.ToArray(), rising.Bins.ToArray());
    }

    [Fact]
    public void Largest_keeps_an_outlier_that_percentile_and_entropy_leave_out()
    {
        var random = new Random(1);
        var histogram = Of(Enumerable.Range(0, 200_000).Select(_ => -MathF.Log(1 - random.NextSingle())).Append(200));
        Assert.Equal(200, HistogramRange.Of(histogram, new Int8Options { Range = RangeRule.Largest }));
        Assert.InRange(HistogramRange.Of(histogram, new Int8Options { Percentile = 99.99 }), 8, 11);
        Assert.InRange(HistogramRange.Of(histogram, new Int8Options { Range = RangeRule.Entropy }), 5, 30);
    }

    [Fact]
    public void Entropy_keeps_all_of_values_that_are_spread_evenly()
    {
        var histogram = Of(Enumerable.Range(1, 100_000).Select(i => i / 1000f));
        Assert.InRange(HistogramRange.Of(histogram, new Int8Options { Range = RangeRule.Entropy }), 98, 100);
    }

    [Fact]
    public void A_layer_that_outputs_only_zeros_has_a_range_too() => Assert.Equal(1, HistogramRange.Of(Of([0, 0, -1]), Int8Options.Default));

    [Fact]
    public void A_layer_with_tiny_outputs_has_a_step_that_can_be_divided_by() => Assert.Equal(1, HistogramRange.Of(Of([float.Epsilon, 1e-30f]), Int8Options.Default));

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void Values_that_are_not_finite_are_refused(float value) => Assert.Throws<ArgumentException>(() => Of([1, value]));

    private static Histogram Of(IEnumerable<float> values)
    {
        var histogram = new Histogram();
        foreach (var part in values.Chunk(100))
            histogram.Add(part);
        return histogram;
    }
}
