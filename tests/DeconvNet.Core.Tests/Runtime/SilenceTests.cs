using DeconvNet.Architecture;
using DeconvNet.Engine;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Runtime;

/// <summary>Nothing of ours or of libtorch writes to the console of an application, not even where oneDNN is off and libtorch looks for other libraries.</summary>
[Collection(TorchTests.Name)]
public class SilenceTests
{
    private const string Work = "DeconvNet.Tests.Runtime.SilenceTests.Networks_of_both_kinds_run_at_many_sizes";

    [Theory]
    [InlineData("")]
    [InlineData("off")]
    [InlineData("padded")]
    public async Task Ordinary_work_is_silent(string oneDnn)
    {
        var process = await AnotherProcess.Run(Work, ("DECONVNET_ONEDNN", oneDnn.Length > 0 ? oneDnn : null));
        process.AssertOnePassed();
        Assert.Equal("", process.Error.Trim());
        Assert.DoesNotContain("NNPACK", process.Output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("warning", process.Output, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>For the test above, in a process of its own.</summary>
    [Fact]
    public void Networks_of_both_kinds_run_at_many_sizes()
    {
        using var fcn = new FcnModel(FcnOptions.Compact with { Width = 4, FcChannels = 8, ClassCount = 3 });
        using var deconvNet = new DeconvNetModel(new() { Width = 4, FcChannels = 8, InputSize = 64, ClassCount = 3 });
        using var whole = new TorchScorer(fcn);
        using var crops = new TorchScorer(deconvNet);
        foreach (var (height, width) in ((int, int)[])[(64, 64), (97, 160), (160, 33)])
            whole.Score(new float[3 * height * width], 1, height, width, new float[3 * height * width], TestContext.Current.CancellationToken);
        foreach (var count in (int[])[1, 2, 5])
            crops.Score(new float[count * 3 * 64 * 64], count, 64, 64, new float[count * 3 * 64 * 64], TestContext.Current.CancellationToken);
    }
}
