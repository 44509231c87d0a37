using System.CommandLine;
using System.Diagnostics;
using DeconvNet.Tests.Support;
using Samples;

namespace DeconvNet.Tests.Samples;

/// <summary>A command that is asked to stop finishes its current step, however long that takes; a second request ends it at once.</summary>
public sealed class StopSignalsTests : IDisposable
{
    private const string Variable = "DECONVNET_STOP_FOLDER";
    private const string Begun = "begun", Ended = "ended";

    // Longer than the handler of the parser waits.
    private static readonly TimeSpan lastStep = TimeSpan.FromSeconds(2.5);

    // In milliseconds: a signal that does not arrive must not hold up all other tests.
    private const int Patience = 120_000;

    private readonly TemporaryFolder folder = new();
    private Process? started;

    public void Dispose()
    {
        if (started is { HasExited: false })
            started.Kill();
        started?.Dispose();
        folder.Dispose();
    }

    [Theory(Timeout = Patience)]
    [InlineData("-TERM")]
    [InlineData("-INT")]
    public async Task The_process_ends_after_the_work(string signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals are sent as on Linux.");
        var process = await StartAsync(nameof(Works_on_for_a_while));
        await SendAsync(process, signal);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        // The exit code of the process is that of the test runner, which handles Ctrl+C in its own way.
        Assert.True(File.Exists(folder[Ended]), await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal("130", File.ReadAllText(folder[Ended]));
        Assert.Equal("Stopped.", (await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim());
    }

    [Fact(Timeout = Patience)]
    public async Task A_second_interrupt_ends_the_process_at_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals are sent as on Linux.");
        var process = await StartAsync(nameof(Never_ends));
        await SendAsync(process, "-INT");
        await SendAsync(process, "-TERM");
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.False(process.HasExited);
        await SendAsync(process, "-INT");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(128 + 9, process.ExitCode);
        Assert.False(File.Exists(folder[Ended]));
    }

    [Fact(Explicit = true)]
    public async Task Works_on_for_a_while() => await WorkAsync(lastStep);

    [Fact(Explicit = true)]
    public async Task Never_ends() => await WorkAsync(Timeout.InfiniteTimeSpan);

    /// <summary>The command that the tests run in a separate process.</summary>
    private static async Task WorkAsync(TimeSpan lastStep)
    {
        var root = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(root is null, $"{Variable} is not set: {nameof(StopSignalsTests)} sets it.");
        var command = new RootCommand("Test.");
        command.SetAction((_, cancellationToken) => CommandLine.WorkAsync(
            () =>
            {
                File.WriteAllText(Path.Combine(root!, Begun), "");
                cancellationToken.WaitHandle.WaitOne();
                Thread.Sleep(lastStep);
                throw new OperationCanceledException(cancellationToken);
            },
            whenStopped: "Stopped."));
        var code = await command.RunAsync([]);
        File.WriteAllText(Path.Combine(root!, Ended), $"{code}");
    }

    private async Task<Process> StartAsync(string victim)
    {
        // A shell's background process ignores Ctrl+C, and so would all that it starts.
        started = Process.Start(new ProcessStartInfo(
            "env", ["--default-signal=INT,TERM", Environment.ProcessPath!, "-explicit", "only", "-method", $"{typeof(StopSignalsTests).FullName}.{victim}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [Variable] = folder.Root },
        })!;
        var process = started;
        while (!process.HasExited && !File.Exists(folder[Begun]))
            await Task.Delay(20, TestContext.Current.CancellationToken);
        return process;
    }

    private static async Task SendAsync(Process process, string signal)
    {
        using var sender = Process.Start("kill", [signal, $"{process.Id}"]);
        await sender.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, sender.ExitCode);
    }
}
