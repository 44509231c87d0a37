using System.Diagnostics;
using System.Globalization;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Fuzz;

/// <summary>
/// All readers on damaged files: each is read or refused with <see cref="InvalidDataException"/>, in at most 2 s and 300 MB.
/// The variable DECONVNET_FUZZ_CASES sets the number of cases of all readers together, DECONVNET_FUZZ_SEED another row of them;
/// what fails is written to the folder DECONVNET_FUZZ_OUT.
/// </summary>
[Collection(TorchTests.Name)]
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const long MaxBytes = 300_000_000;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(2);

    [Fact(Explicit = true)]
    [Trait("Category", "Slow")]
    public void Damaged_files_are_read_or_refused_in_little_time_and_memory()
    {
        var cases = Setting("DECONVNET_FUZZ_CASES", 100_000);
        var seed = Setting("DECONVNET_FUZZ_SEED", 1);
        var target = Environment.GetEnvironmentVariable("DECONVNET_FUZZ_OUT") ?? Path.Combine(AppContext.BaseDirectory, "fuzz");
        Directory.CreateDirectory(target);
        using var folder = new TemporaryFolder();
        var readers = FuzzReader.All();
        var found = new List<string>();
        foreach (var reader in readers)
            reader.Read(reader.Pack(reader.Sound), folder["sound-" + reader.Name]);
        var atStart = Peak();

        foreach (var reader in readers)
        {
            var (refused, kinds, slowest, number) = (0, new HashSet<string>(), TimeSpan.Zero, Math.Max(1, cases / readers.Count));
            for (var i = 0; i < number; i++)
            {
                var bytes = reader.Damaged(new Random(HashCode(reader.Name, seed, i)));
                var before = GC.GetAllocatedBytesForCurrentThread();
                var start = Stopwatch.GetTimestamp();
                var error = Record.Exception(() => Watched(reader, bytes, folder[reader.Name], Path.Combine(target, "hung-" + reader.Name)));
                var time = Stopwatch.GetElapsedTime(start);
                slowest = time > slowest ? time : slowest;
                var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                refused += error is null ? 0 : 1;
                var fault = error is not null and not InvalidDataException ? $"{error.GetType().Name} at {error.StackTrace?.Split('\n')[0].Trim()}"
                    : time > MaxTime ? "slow"
                    : allocated > MaxBytes ? "large"
                    : null;
                // One of each kind is enough to mend it.
                if (fault is null || !kinds.Add(fault))
                    continue;
                File.WriteAllBytes(Path.Combine(target, $"{i}-{reader.Name}"), bytes);
                found.Add(string.Create(CultureInfo.InvariantCulture, $"{i}-{reader.Name}: {fault} ({time.TotalSeconds:F1} s, {allocated / 1_000_000} MB): {error?.Message}"));
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{reader.Name}: {number} cases, {refused} refused, slowest {slowest.TotalMilliseconds:F0} ms, {(Peak() - atStart) / 1_000_000} MB above the start"));
            // Damage that is never seen, or always, tries nothing.
            if (number >= 100 && (refused == 0 || refused == number))
                found.Add($"{reader.Name}: {refused} of {number} cases were refused");
            if (Peak() - atStart > MaxBytes)
            {
                found.Add($"{reader.Name}: {(Peak() - atStart) / 1_000_000} MB above the start");
                break;
            }
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    // A case that never ends leaves its file behind and ends the process.
    private static void Watched(FuzzReader reader, byte[] bytes, string path, string hung)
    {
        using var watch = new Timer(
            _ =>
            {
                File.WriteAllBytes(hung, bytes);
                Environment.FailFast($"A case of {reader.Name} did not end within 60 s: {hung}");
            },
            null,
            TimeSpan.FromSeconds(60),
            Timeout.InfiniteTimeSpan);
        reader.Read(bytes, path);
    }

    // Not string.GetHashCode, which differs from run to run.
    private static int HashCode(string name, int seed, int i) => name.Aggregate((seed * 397) ^ (i * 16777619), (hash, c) => unchecked((hash * 31) + c));

    private static long Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : usual;
}
