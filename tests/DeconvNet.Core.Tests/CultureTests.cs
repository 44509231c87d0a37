using System.Globalization;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests;

/// <summary>
/// .ci/run repeats the tests that format or parse in Turkish and German. Here: those runs are what they claim to be, and a line that
/// follows the culture would fail them.
/// </summary>
public class CultureTests
{
    private const string Variable = "DECONVNET_TEST_CULTURE";

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("de-DE")]
    public async Task LC_ALL_sets_the_culture_of_a_test_run(string culture)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows takes the culture from the user's settings.");
        Assert.SkipUnless(Environment.GetEnvironmentVariable(Variable) is null, "This run has another culture already.");
        var run = await AnotherProcess.Run(
            $"{typeof(CultureTests).FullName}.{nameof(The_culture_of_the_run_is_real)}", (Variable, culture), ("LC_ALL", culture.Replace('-', '_') + ".UTF-8"));
        run.AssertOnePassed();
    }

    [Fact]
    public void The_culture_of_the_run_is_real()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } wanted)
            return;

        Assert.Equal(wanted, CultureInfo.CurrentCulture.Name);
        Assert.Equal(wanted, CultureInfo.DefaultThreadCurrentCulture?.Name ?? wanted);
        // What an unwary line would do: with invariant globalization, both would be as in English.
#pragma warning disable CA1304, CA1305, CA1311
        Assert.Equal("1,5", 1.5.ToString());
        Assert.Equal(15, double.Parse("1.5"));
        Assert.Equal(wanted == "tr-TR" ? "İ" : "I", "i".ToUpper());
#pragma warning restore CA1304, CA1305, CA1311
    }
}
