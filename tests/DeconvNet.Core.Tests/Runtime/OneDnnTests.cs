using System.Runtime.InteropServices;
using DeconvNet.Engine;
using DeconvNet.Imaging;
using DeconvNet.Runtime;
using DeconvNet.Tests.Support;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Runtime;

[Collection(TorchTests.Name)]
[NoTensorLeaks]
public class OneDnnTests
{
    [Fact]
    public void The_switch_turns_it_off_and_on_and_the_check_says_so()
    {
        Assert.SkipUnless(TorchRuntime.Check().IsOneDnnOn, "OneDNN is off here.");
        var context = Loaded();
        var before = TorchRuntime.Check();
        TorchRuntime.UseOneDnn(false);
        try
        {
            Assert.False(context.IsOneDnnOn);
            Assert.False(TorchRuntime.Check().IsOneDnnOn);
            Assert.True(OneDnn.IsForced || TorchRuntime.Check().Message.Contains("off", StringComparison.Ordinal), TorchRuntime.Check().Message);
            Assert.Equal(OneDnn.IsForced, OneDnn.NeedsPadding);
        }
        finally
        {
            TorchRuntime.UseOneDnn(true);
        }

        Assert.True(context.IsOneDnnOn);
        Assert.Equal(before, TorchRuntime.Check());
    }

    [Fact]
    public void It_stays_off_until_the_last_network_that_must_not_use_it_has_run()
    {
        using var forced = new ForcedPadding();
        var context = Loaded();
        var isOn = context.IsOneDnnOn;
        var first = OneDnn.SuspendWhereWrong()!;
        var second = OneDnn.SuspendWhereWrong()!;
        Assert.False(context.IsOneDnnOn);
        first.Dispose();
        first.Dispose();
        Assert.False(context.IsOneDnnOn);
        second.Dispose();
        Assert.Equal(isOn, context.IsOneDnnOn);
    }

    [Fact]
    public void A_network_of_the_users_own_runs_without_it_where_it_needs_padded_channels()
    {
        using var forced = new ForcedPadding();
        var context = Loaded();
        var isOn = context.IsOneDnnOn;
        using var network = new Witness(() => context.IsOneDnnOn);
        using var scorer = new TorchScorer(network, 4, ["background", "a", "b"], Preprocessing.Caffe);
        scorer.Score(new float[48], 1, 4, 4, new float[48], TestContext.Current.CancellationToken);
        Assert.Equal([false], network.Seen);
        Assert.Equal(isOn, context.IsOneDnnOn);

        network.Fails = true;
        Assert.Throws<InvalidOperationException>(() => scorer.Score(new float[48], 1, 4, 4, new float[48], TestContext.Current.CancellationToken));
        Assert.Equal(isOn, context.IsOneDnnOn);
    }

    [Theory]
    [InlineData(ConvolutionState.Correct, true, true, "correct on this processor.")]
    [InlineData(ConvolutionState.Correct, false, true, "was turned off")]
    [InlineData(ConvolutionState.CorrectWhenPadded, true, true, "TorchRuntime.UseOneDnn(false) or the environment variable DECONVNET_ONEDNN=off")]
    [InlineData(ConvolutionState.CorrectWhenPadded, true, false, "give their layers a multiple of 16 channels")]
    [InlineData(ConvolutionState.CorrectWhenPadded, false, true, "so oneDNN is disabled")]
    [InlineData(ConvolutionState.Wrong, false, true, "so oneDNN is disabled")]
    public void The_advice_says_what_was_found_and_what_to_do(ConvolutionState state, bool isOn, bool hasSwitch, string part) =>
        Assert.Contains(part, TorchAdvice.Convolutions(state, isOn, hasSwitch), StringComparison.Ordinal);

    [Theory]
    [InlineData("DECONVNET_ONEDNN", "of", "it may be off, padded or unset")]
    [InlineData("DECONVNET_MALLOPT", "on", "it may be off or unset")]
    public void An_unknown_setting_is_named(string variable, string value, string part)
    {
        var advice = TorchAdvice.UnknownSetting(name => name == variable ? value : null);
        Assert.Contains($"{variable} is '{value}'; {part}", advice, StringComparison.Ordinal);
        Assert.Null(TorchAdvice.UnknownSetting(_ => ""));
        Assert.Null(TorchAdvice.UnknownSetting(name => name == variable ? "off" : null));
    }

    private static LibTorchContext Loaded()
    {
        var folder = TorchRuntime.Check().LibTorchFolder!;
        var context = LibTorchContext.Of(NativeLibrary.Load(Path.Combine(folder, NativeFiles.FileName(NativeFiles.TorchLibrary))));
        Assert.SkipWhen(context is null, "This libtorch does not export its switches.");
        return context!;
    }

    /// <summary>Sees whether oneDNN is on while it runs.</summary>
    private sealed class Witness(Func<bool> isOneDnnOn) : nn.Module<Tensor, Tensor>(nameof(Witness))
    {
        public List<bool> Seen { get; } = [];

        public bool Fails { get; set; }

        public override Tensor forward(Tensor input)
        {
            Seen.Add(isOneDnnOn());
            return Fails ? throw new ArgumentException("No.") : input.clone();
        }
    }
}
