using System.Diagnostics;
using System.Globalization;

namespace DeconvNet.Benchmarks;

/// <summary>What keeping freed memory saves: the same work in two processes, one with glibc's default allocator settings and one with DeconvNet's, in turns.</summary>
internal static class HeapBenchmark
{
    public static void Run(TimeSpan duration)
    {
        foreach (var work in HeapWorker.Works)
        {
            using var asItComes = new Peer(work, "off");
            using var kept = new Peer(work, "");
            Comparison.Run($"heap: {work}", duration, new("glibc as it comes", asItComes.RunOnce), new("memory kept", kept.RunOnce));
        }
    }

    /// <summary>A process that does the work on request.</summary>
    private sealed class Peer : IDisposable
    {
        private readonly Process process;

        public Peer(string work, string setting)
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!, ["heap"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
            start.Environment[HeapWorker.Variable] = work;
            start.Environment["DECONVNET_MALLOPT"] = setting;
            process = Process.Start(start)!;
        }

        public TimeSpan RunOnce()
        {
            process.StandardInput.WriteLine();
            process.StandardInput.Flush();
            return TimeSpan.FromMilliseconds(double.Parse(process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture));
        }

        public void Dispose()
        {
            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
