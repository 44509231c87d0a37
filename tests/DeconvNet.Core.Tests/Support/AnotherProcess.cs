using System.Diagnostics;

namespace DeconvNet.Tests.Support;

/// <summary>Runs one test in a separate process, for what a process decides once, at its start.</summary>
internal readonly record struct AnotherProcess(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a test by its full name, with other environment variables.</summary>
    public static async Task<AnotherProcess> Run(string test, params (string Variable, string? Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-method", test]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (variable, value) in environment)
            start.Environment[variable] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, output + await error, await error);
    }

    public void AssertOnePassed() =>
        Assert.True(ExitCode == 0 && Output.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", StringComparison.Ordinal), Output);
}
