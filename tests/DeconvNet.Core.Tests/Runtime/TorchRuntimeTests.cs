using DeconvNet.Runtime;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Runtime;

[Collection(TorchTests.Name)]
[NoTensorLeaks]
public class TorchRuntimeTests
{
    private const string TorchFirst = $"DeconvNet.Tests.{nameof(SmokeTests)}.{nameof(SmokeTests.Torch_loads)}";
    private const string CheckFirst = $"DeconvNet.Tests.Runtime.{nameof(TorchRuntimeTests)}.{nameof(The_check_says_what_runs)}";
    private const string LibTorch = "DECONVNET_LIBTORCH";

    [Fact]
    public void The_check_says_what_runs()
    {
        var report = TorchRuntime.Check();
        Assert.True(report.IsUsable, report.Message);
        Assert.Equal(LibTorchVersion.Expected, report.LibTorchVersion);
        Assert.True(File.Exists(Path.Combine(Assert.IsType<string>(report.LibTorchFolder), NativeFiles.FileName("torch_cpu"))));
        Assert.Contains(report.TorchSharpVersion, report.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(ConvolutionState.Unknown, report.Convolutions);
        Assert.Equal(Environment.GetEnvironmentVariable(OneDnn.Variable) != OneDnn.Off && report.Convolutions != ConvolutionState.Wrong, report.IsOneDnnOn);
        Assert.Equal(OperatingSystem.IsLinux() && !GlibcHeap.IsLeftAlone(Environment.GetEnvironmentVariable), report.KeepsFreedMemory);
        TestContext.Current.TestOutputHelper?.WriteLine(report.Message);
        Assert.Same(report, TorchRuntime.Check());
        TorchRuntime.EnsureUsable();
    }

    [Fact]
    public void A_folder_without_libtorch_is_refused_and_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<ArgumentException>(() => TorchRuntime.UseLibTorch(" "));
        Assert.Throws<DirectoryNotFoundException>(() => TorchRuntime.UseLibTorch(folder["nowhere"]));
        var error = Assert.Throws<FileNotFoundException>(() => TorchRuntime.UseLibTorch(folder.Root));
        Assert.Contains("torch_cpu", error.Message, StringComparison.Ordinal);
        Assert.True(TorchRuntime.Check().IsUsable);
    }

    [Fact]
    public void Another_libtorch_is_refused_while_one_runs()
    {
        TorchRuntime.EnsureUsable();
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[NativeFiles.FileName("torch_cpu")], "no library");
        var error = Assert.Throws<InvalidOperationException>(() => TorchRuntime.UseLibTorch(folder.Root));
        Assert.Contains("already", error.Message, StringComparison.Ordinal);
        Assert.True(TorchRuntime.Check().IsUsable);
    }

    [Fact]
    public async Task Two_processes_that_start_at_once_both_run()
    {
        var runs = await Task.WhenAll(AnotherProcess.Run(TorchFirst), AnotherProcess.Run(TorchFirst));
        Assert.All(runs, run => run.AssertOnePassed());
    }

    [Fact]
    public async Task The_environment_may_name_the_libtorch()
    {
        (await AnotherProcess.Run(TorchFirst, (LibTorch, TorchRuntime.Check().LibTorchFolder))).AssertOnePassed();
    }

    [Fact]
    public async Task A_folder_in_the_environment_beside_a_backend_package_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, output, _) = await AnotherProcess.Run(CheckFirst, (LibTorch, folder.Root));
        Assert.NotEqual(0, exitCode);
        Assert.Contains($"The libtorch in {folder.Root} was chosen by TorchRuntime.UseLibTorch or DECONVNET_LIBTORCH, but the application has one of its own", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OneDnn.Variable, OneDnn.Off)]
    [InlineData(OneDnn.Variable, OneDnn.Padded)]
    [InlineData(GlibcHeap.Variable, GlibcHeap.Off)]
    public async Task The_environment_may_choose_how_libtorch_works(string variable, string value)
    {
        (await AnotherProcess.Run(CheckFirst, (variable, value))).AssertOnePassed();
    }

    [Fact]
    public async Task An_unknown_setting_in_the_environment_is_refused_with_an_explanation()
    {
        var (exitCode, output, _) = await AnotherProcess.Run(CheckFirst, (OneDnn.Variable, "of"));
        Assert.NotEqual(0, exitCode);
        Assert.Contains("The environment variable DECONVNET_ONEDNN is 'of'; it may be off, padded or unset.", output, StringComparison.Ordinal);
    }
}
