using System.Globalization;
using DeconvNet.OnnxRuntime.Calibration;

namespace DeconvNet.OnnxRuntime.Tests.Calibration;

public class Int8OptionsTests
{
    [Fact]
    public void Equal_values_make_equal_options()
    {
        Assert.Equal(new Int8Options { FloatLayers = ["conv1_2"] }, new Int8Options { FloatLayers = ["conv1_2"] });
        Assert.NotEqual(new Int8Options { FloatLayers = ["conv1_2"] }, Int8Options.Default);
    }

    [Fact]
    public void The_text_is_the_same_under_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Contains("Percentile = 99.99", Int8Options.Default.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Values_out_of_range_are_named()
    {
        Refused(Int8Options.Default with { Percentile = 50 }, "Int8Options.Percentile is 50; it must be above 50, at most 100.");
        Refused(Int8Options.Default with { WeightBits = 9 }, "Int8Options.WeightBits is 9; it must be 4 to 8.");
        Refused(Int8Options.Default with { FullyConnectedWeightBits = 3 }, "Int8Options.FullyConnectedWeightBits is 3; it must be 4 to 8.");
        Refused(Int8Options.Default with { Range = (RangeRule)9 }, "Int8Options.Range is 9; it must be one of the names of RangeRule.");

        static void Refused(Int8Options options, string message) =>
            Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>(options.Validate).Message, StringComparison.Ordinal);
    }
}
