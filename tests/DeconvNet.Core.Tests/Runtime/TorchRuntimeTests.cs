using System.Diagnostics;
using DeconvNet.Runtime;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Runtime;

[Collection(TorchTests.Name)]
public class TorchRuntimeTests
{
    private const string TorchFirst = $"DeconvNet.Tests.{nameof(SmokeTests)}.{nameof(SmokeTests.Torch_loads)}";
    private const string CheckFirst = $"DeconvNet.Tests.Runtime.{nameof(TorchRuntimeTests)}.{nameof(The_check_says_what_runs)}";

    [Fact]
    public void The_check_says_what_runs()
    {
        var report = TorchRuntime.Check();
        Assert.True(report.IsUsable, report.Message);
        Assert.Equal(LibTorchVersion.Expected, report.LibTorchVersion);
        Assert.True(File.Exists(Path.Combine(Assert.IsType<string>(report.LibTorchFolder), NativeFiles.FileName("torch_cpu"))));
        Assert.Contains(report.TorchSharpVersion, report.ToString(), StringComparison.Ordinal);
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
        var runs = await Task.WhenAll(RunInAnotherProcess(TorchFirst, libTorch: null), RunInAnotherProcess(TorchFirst, libTorch: null));
        Assert.All(runs, AssertOnePassed);
    }

    [Fact]
    public async Task The_environment_may_name_the_libtorch()
    {
        AssertOnePassed(await RunInAnotherProcess(TorchFirst, TorchRuntime.Check().LibTorchFolder));
    }

    [Fact]
    public async Task A_folder_in_the_environment_beside_a_backend_package_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, output) = await RunInAnotherProcess(CheckFirst, folder.Root);
        Assert.NotEqual(0, exitCode);
        Assert.Contains($"The libtorch in {folder.Root} was chosen by TorchRuntime.UseLibTorch or DECONVNET_LIBTORCH, but the application has one of its own", output, StringComparison.Ordinal);
    }

    private static void AssertOnePassed((int ExitCode, string Output) run) =>
        Assert.True(run.ExitCode == 0 && run.Output.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", StringComparison.Ordinal), run.Output);

    private static async Task<(int ExitCode, string Output)> RunInAnotherProcess(string test, string? libTorch)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-method", test]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DECONVNET_LIBTORCH"] = libTorch ?? "";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await error);
    }
}
