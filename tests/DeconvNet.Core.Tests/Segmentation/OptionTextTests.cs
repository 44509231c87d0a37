using System.Globalization;
using DeconvNet.Crf;
using DeconvNet.Segmentation;

namespace DeconvNet.Tests.Segmentation;

public class OptionTextTests
{
    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("fa-IR")]
    public void The_text_of_options_is_the_same_under_every_culture(string culture)
    {
        object[] options = [ProposalSegmenterOptions.Default, FcnSegmenterOptions.Default with { Temperature = 1.5 }, new EnsembleOptions { Weights = [0.25, 1.5], MinRegionConfidence = 0.1 }];
        var expected = options.Select(option => option.ToString()).ToArray();
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Assert.Equal(expected, options.Select(option => option.ToString()));
            Assert.Equal(culture, CultureInfo.CurrentCulture.Name);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Contains("ContextFactor = 1.2,", expected[0], StringComparison.Ordinal);
        Assert.Contains("Weights = [0.25, 1.5]", expected[2], StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_of_crf_options_does_not_depend_on_the_number_of_threads()
    {
        var text = CrfOptions.DeconvNet.ToString();
        Assert.Equal(text, (CrfOptions.DeconvNet with { MaxDegreeOfParallelism = 1 }).ToString());
        Assert.Equal(text, (CrfOptions.DeconvNet with { MaxDegreeOfParallelism = 64 }).ToString());
        Assert.NotEqual(text, (CrfOptions.DeconvNet with { Iterations = 9 }).ToString());
        Assert.Contains("SigmaX = 20", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_are_equal_by_value()
    {
        Assert.Equal(new EnsembleOptions { Weights = [1, 2] }, new EnsembleOptions { Weights = new List<double> { 1, 2 } });
        Assert.NotEqual(new EnsembleOptions { Weights = [1, 2] }, new EnsembleOptions { Weights = [2, 1] });
        Assert.Equal(new EnsembleOptions { Weights = [1, 2] }.GetHashCode(), new EnsembleOptions { Weights = [1, 2] }.GetHashCode());
        Assert.Equal(new ProposalSegmenterOptions(), ProposalSegmenterOptions.Default);
        Assert.Equal(new FcnSegmenterOptions(), FcnSegmenterOptions.Default);
    }

    [Fact]
    public void A_list_that_changes_later_changes_no_options()
    {
        var weights = new List<double> { 1, 2 };
        var options = new EnsembleOptions { Weights = weights };
        weights[0] = 7;
        Assert.Equal([1, 2], options.Weights!);
    }
}
