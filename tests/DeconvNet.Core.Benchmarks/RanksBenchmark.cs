using System.Diagnostics;
using System.Globalization;
using DeconvNet.Datasets;
using DeconvNet.Engine;
using DeconvNet.Imaging;
using DeconvNet.Weights;

namespace DeconvNet.Benchmarks;

/// <summary>
/// Steps of training in one process of one and of two threads, and in two ranks of one thread each over the MPI that is installed. Every run is a launch of its own, and they take turns;
/// <see cref="RanksWorker"/> is what they run.
/// </summary>
internal static class RanksBenchmark
{
    private static readonly (string Name, int Ranks, int Threads)[] contenders =
    [
        ("1 process, 2 threads", 1, 2),
        ("1 process, 1 thread", 1, 1),
        ("2 ranks, 1 thread each", 2, 1),
    ];

    public static void Run(TimeSpan duration)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"deconvnet-ranks-{Environment.ProcessId}");
        try
        {
            WriteScenes(folder);
            foreach (var network in RanksWorker.Networks)
                Compare(network, folder, duration);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compare(string network, string folder, TimeSpan duration)
    {
        var steps = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        var exchanged = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        var ratios = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        var begun = Stopwatch.GetTimestamp();
        for (var round = 0; round < 3 || Stopwatch.GetElapsedTime(begun) < duration; round++)
        {
            // Whoever comes first in one round comes later in the next.
            foreach (var contender in Enumerable.Range(0, contenders.Length).Select(i => contenders[(i + round) % contenders.Length]))
            {
                if (Launch(network, folder, contender.Ranks, contender.Threads) is not { } run)
                {
                    Console.WriteLine($"  {contender.Name}: no mpirun is installed");
                    return;
                }

                Of(steps, contender.Name).Add(run.Step);
                Of(exchanged, contender.Name).Add(run.Exchanges);
            }

            foreach (var (name, _, _) in contenders)
                Of(ratios, name).Add(steps[name][^1] / steps[contenders[0].Name][^1]);
        }

        Table.Write($"{network}: a step", "ratio", "F2", [.. contenders.Select(each => new TableRow(each.Name, Spread.Of(steps[each.Name]), Spread.Of(ratios[each.Name]).Median))]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  of which exchanges between 2 ranks, waiting included: {Spread.Of(exchanged[contenders[^1].Name]).Median:P0}; {steps[contenders[0].Name].Count} rounds"));
    }

    private static List<double> Of(Dictionary<string, List<double>> lists, string name) => lists.TryGetValue(name, out var list) ? list : lists[name] = [];

    /// <summary>Milliseconds a step, and the fraction of it that exchanges took.</summary>
    private static (double Step, double Exchanges)? Launch(string network, string folder, int ranks, int threads)
    {
        var start = ranks == 1
            ? new ProcessStartInfo(Environment.ProcessPath!)
            : new ProcessStartInfo("mpirun", ["-n", ranks.ToString(CultureInfo.InvariantCulture), "--oversubscribe", "--bind-to", "none", Environment.ProcessPath!]);
        start.RedirectStandardOutput = true;
        foreach (var (variable, value) in new[] { (RanksWorker.Variable, network), (RanksWorker.FolderVariable, folder), (RanksWorker.CountVariable, ranks.ToString(CultureInfo.InvariantCulture)), ("OMP_NUM_THREADS", threads.ToString(CultureInfo.InvariantCulture)), ("OMPI_ALLOW_RUN_AS_ROOT", "1"), ("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"), ("TERM", "dumb") })
            start.Environment[variable] = value;
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"{ranks} ranks ended with exit code {process.ExitCode}: {output}");
            double[] numbers = [.. output.Split(' ', StringSplitOptions.TrimEntries).Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
            return (numbers[0], numbers[1]);
        }
        catch (System.ComponentModel.Win32Exception) when (ranks > 1)
        {
            return null;
        }
    }

    /// <summary>The samples' photos with what the small FCN-8s finds in them for masks.</summary>
    private static void WriteScenes(string folder)
    {
        using var segmenter = CompactWeights.Fcn8s.CreateSegmenter();
        Directory.CreateDirectory(Path.Combine(folder, "images"));
        Directory.CreateDirectory(Path.Combine(folder, "masks"));
        foreach (var path in Photo.Paths)
        {
            File.Copy(path, Path.Combine(folder, "images", Path.GetFileName(path)));
            segmenter.Segment(RgbImage.Load(path)).Labels.SavePng(Path.Combine(folder, "masks", $"{Path.GetFileNameWithoutExtension(path)}.png"));
        }

        File.WriteAllLines(Path.Combine(folder, "classes.txt"), VocClasses.Names);
    }
}
