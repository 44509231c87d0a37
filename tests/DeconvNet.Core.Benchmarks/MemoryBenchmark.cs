using System.Diagnostics;
using System.Globalization;
using DeconvNet.Engine;
using DeconvNet.Imaging;
using DeconvNet.Runtime;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

namespace DeconvNet.Benchmarks;

/// <summary>
/// Memory of a process that segments a thousand photos (DECONVNET_MEMORY_PHOTOS: or another number) of 1 to 600 pixels a side, on one thread and on several, with glibc's allocator as it comes and as DeconvNet sets it up.
/// Each run is a process of its own.
/// </summary>
internal static class MemoryBenchmark
{
    private const string Variable = "DECONVNET_MEMORY_THREADS";
    private const int LongestSide = 600;
    private static readonly int photoCount = int.Parse(Environment.GetEnvironmentVariable("DECONVNET_MEMORY_PHOTOS") ?? "1000", CultureInfo.InvariantCulture);
    private static readonly HashSet<int> shown = [1, 10, 100, 500, 1000, 2000, 3000, 4000, 5000, photoCount];

    /// <summary>Whether this process is a measured worker, which has then run.</summary>
    public static bool TryMeasure()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } threads)
            return false;

        Measure(int.Parse(threads, CultureInfo.InvariantCulture));
        return true;
    }

    public static void Run(TimeSpan duration)
    {
        Console.WriteLine($"\nmemory: resident MB after so many photos, how much of it the garbage collector has committed, and the most of all; each by the small FCN-8s, and by DeconvNet on {Options.MaxProposals} proposals");
        foreach (var count in new[] { "1", "8" })
        {
            foreach (var setting in new[] { "off", "" })
            {
                var start = new ProcessStartInfo(Environment.ProcessPath!, ["memory"]);
                start.Environment[Variable] = count;
                start.Environment["DECONVNET_MALLOPT"] = setting;
                using var process = Process.Start(start)!;
                process.WaitForExit();
            }
        }
    }

    // One batch: more proposals repeat it with the same tensors.
    private static ProposalSegmenterOptions Options { get; } = new() { MaxProposals = 4 };

    private static void Measure(int threads)
    {
        using var fcn = CompactWeights.Fcn8s.CreateSegmenter();
        using var model = CompactWeights.DeconvNet.LoadModel();
        using var deconvNet = model.CreateSegmenter(Options);
        RgbImage[] photos = [.. Photo.Paths.Select(path => RgbImage.Load(path))];
        var gate = new Lock();
        var (begun, done, most) = (0, 0, 0L);
        Console.Write($"  {(TorchRuntime.Check().KeepsFreedMemory ? "memory kept      " : "glibc as it comes")}, {threads} threads:");
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(Work))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        Console.WriteLine($" most {most / 1_000_000}");

        void Work()
        {
            for (int i; (i = Interlocked.Increment(ref begun) - 1) < photoCount;)
            {
                var photo = Cut(photos[i % photos.Length], new Random(i));
                fcn.Segment(photo);
                deconvNet.Segment(photo);
                lock (gate)
                {
                    done++;
                    most = Math.Max(most, Environment.WorkingSet);
                    if (shown.Contains(done))
                        Console.Write($" {done}: {Environment.WorkingSet / 1_000_000} ({GC.GetGCMemoryInfo().TotalCommittedBytes / 1_000_000} managed),");
                }
            }
        }
    }

    private static RgbImage Cut(RgbImage photo, Random random)
    {
        var (width, height) = (random.Next(1, LongestSide + 1), random.Next(1, LongestSide + 1));
        return photo.Crop(new PixelBox(0, 0, Math.Min(width, photo.Width), Math.Min(height, photo.Height))).ResizeBilinear(width, height);
    }
}
