using System.Diagnostics;
using System.Globalization;
using DeconvNet.Tests.Support;
using DeconvNet.Tests.Training;

namespace DeconvNet.Tests.Kill;

/// <summary>
/// Processes that are killed at random moments, without a chance to clean up, and restarted until the work is done: the result is that of an undisturbed run, bit for bit, and no other file
/// is left. The variable DECONVNET_KILLS sets the number of kills of each test.
/// </summary>
[Collection(TorchTests.Name)]
public sealed class KillTests(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    [Trait("Category", "Slow")]
    public async Task A_training_that_is_killed_ends_as_an_undisturbed_one() => await KillAsync(nameof(Victims.Trains));

    [Fact(Explicit = true)]
    [Trait("Category", "Slow")]
    public async Task An_evaluation_that_is_killed_ends_as_an_undisturbed_one() => await KillAsync(nameof(Victims.Evaluates));

    private async Task KillAsync(string victim)
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("DECONVNET_KILLS") ?? "10", CultureInfo.InvariantCulture);
        using var scenes = new DrawnScenes();
        using var quiet = new TemporaryFolder();
        var start = Stopwatch.GetTimestamp();
        Assert.True(await RunAsync(victim, scenes, quiet, killAfter: null));
        var expected = Victims.Result(quiet.Root);
        var time = Stopwatch.GetElapsedTime(start);

        // From the first file on: before, there is nothing to damage.
        var random = new Random(1);
        var (killed, finished) = (0, 0);
        while (killed < kills)
        {
            using var folder = new TemporaryFolder();
            while (!await RunAsync(victim, scenes, folder, time * random.NextDouble() * 0.6))
                killed++;
            finished++;
            Assert.Equal(expected, Victims.Result(folder.Root));
        }

        output.WriteLine($"{killed} kills, {finished} ends as undisturbed; {expected.Count} files, {time.TotalSeconds:0.0} s undisturbed");
        Assert.True(finished < killed, "Hardly any process was killed at work.");
    }

    /// <summary>Whether the victim finished.</summary>
    private static async Task<bool> RunAsync(string victim, DrawnScenes scenes, TemporaryFolder folder, TimeSpan? killAfter)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-explicit", "only", "-method", $"{typeof(Victims).FullName}.{victim}"])
        {
            RedirectStandardOutput = true,
            Environment = { [Victims.Scenes] = scenes.Root, [Victims.Output] = folder.Root },
        };
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (killAfter is { } delay)
        {
            while (!process.HasExited && !Directory.EnumerateFileSystemEntries(folder.Root).Any())
                await Task.Delay(5, TestContext.Current.CancellationToken);
            await Task.WhenAny(process.WaitForExitAsync(TestContext.Current.CancellationToken), Task.Delay(delay, TestContext.Current.CancellationToken));
            process.Kill();
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        const int Killed = 128 + 9;
        if (killAfter is not null && process.ExitCode == Killed)
            return false;

        Assert.True(process.ExitCode == 0, await said);
        return true;
    }
}
