using System.CommandLine;
using System.Globalization;
using DeconvNet.Tests.Support;
using Samples;

namespace DeconvNet.Tests.Samples;

/// <summary>What all sample commands have in common. One at a time with the tests of the network, since the culture of new threads changes meanwhile.</summary>
[Collection(TorchTests.Name)]
public sealed class CommandLineTests : IDisposable
{
    private readonly CultureInfo culture = CultureInfo.CurrentCulture;
    private readonly CultureInfo? ofThreads = CultureInfo.DefaultThreadCurrentCulture;

    public void Dispose() => (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture) = (culture, ofThreads);

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("en-US")]
    public async Task Numbers_mean_the_same_under_every_culture(string name)
    {
        var (code, rate, text) = await Run(name, "--rate", "0.01");

        Assert.Equal((0, 0.01, "0.01 0.5"), (code, rate, text));
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("en-US")]
    public async Task A_decimal_comma_is_refused(string name)
    {
        var (code, rate, _) = await Run(name, "--rate", "0,01");

        Assert.Equal((1, null), (code, rate));
        Assert.Equal(1, (await Run(name, "--rate", "0.01", "--fraction", "0,5")).Code);
    }

    private static async Task<(int Code, double? Rate, string? Text)> Run(string name, params string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.GetCultureInfo(name);
        var rate = new Option<double?>("--rate");
        var fraction = new Option<double>("--fraction") { DefaultValueFactory = _ => 0.5 };
        double? read = null;
        string? text = null;
        var command = new RootCommand("Test.") { rate, fraction };
        command.SetAction((arguments, _) => CommandLine.WorkAsync(
            () =>
            {
                read = arguments.GetValue(rate);
                text = $"{read} {arguments.GetValue(fraction)}";
                return Task.CompletedTask;
            },
            whenStopped: "Stopped."));
        return (await command.RunAsync(args), read, text);
    }
}
