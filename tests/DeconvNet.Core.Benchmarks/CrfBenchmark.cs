using System.Diagnostics;
using DeconvNet.Crf;
using DeconvNet.Imaging;
using DeconvNet.Imaging.Resampling;

namespace DeconvNet.Benchmarks;

/// <summary>
/// The CRF with the DeconvNet authors' parameters on 21 labels. The variable DECONVNET_CRF_PEER may name a program to compare with: it is given files of the
/// photo's RGB bytes and of the energies (float32 [labels, height, width]), width, height, labels, iterations, and writes its time in milliseconds.
/// With DECONVNET_SHARED the photo and the scores are those of the reference's largest case.
/// </summary>
internal static class CrfBenchmark
{
    private const int FewestRounds = 5;
    private const int Labels = 21;

    public static void Run(TimeSpan duration)
    {
        var photo = FromShared("images/large.png") is { } path ? RgbImage.Load(path) : Photo.Load();
        var scores = Scores(photo);
        var energies = UnaryEnergies.FromLogits(Labels, photo.Width, photo.Height, scores);
        var contenders = new List<(string Name, Func<double> Milliseconds)>();
        using var peer = CrfPeer.FromEnvironment(photo, energies, CrfOptions.DeconvNet.Iterations);
        if (peer is not null)
            contenders.Add(("peer", peer.Run));
        foreach (var threads in new[] { 1, Environment.ProcessorCount }.Distinct())
        {
            var options = CrfOptions.DeconvNet with { MaxDegreeOfParallelism = threads };
            contenders.Add(($"{threads} threads, first photo of its size", () => Time(() => new DenseCrf(options).Infer(photo, energies))));
            var again = new DenseCrf(options);
            contenders.Add(($"{threads} threads, later photos", () => Time(() => again.Infer(photo, energies))));
        }

        // The same work with energies so similar that no label can be skipped.
        var level = UnaryEnergies.FromLogits(Labels, photo.Width, photo.Height, [.. scores.Select(score => score / 64)]);
        var mild = CrfOptions.DeconvNet with
        {
            MaxDegreeOfParallelism = 1,
            Gaussian = CrfOptions.DeconvNet.Gaussian! with { Compatibility = LabelCompatibility.Potts(0.003f) },
            Bilateral = CrfOptions.DeconvNet.Bilateral! with { Compatibility = LabelCompatibility.Potts(0.005f) },
        };
        var undecided = new DenseCrf(mild);
        contenders.Add(("1 thread, all labels likely everywhere", () => Time(() => undecided.Infer(photo, level))));
        Compare($"crf: DeconvNet's parameters, {Labels} labels, {photo.Width}×{photo.Height}", duration, contenders);
    }

    private static void Compare(string title, TimeSpan duration, List<(string Name, Func<double> Milliseconds)> contenders)
    {
        foreach (var (_, milliseconds) in contenders)
        {
            for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < duration / 3;)
                milliseconds();
        }

        var rounds = new List<double[]>();
        for (var begun = Stopwatch.GetTimestamp(); rounds.Count < FewestRounds || Stopwatch.GetElapsedTime(begun) < duration;)
            rounds.Add([.. contenders.Select(contender => contender.Milliseconds())]);
        Table.Write(title, "ratio", "F3", [.. contenders.Select((contender, i) => new TableRow(
            contender.Name,
            Spread.Of(rounds.Select(round => round[i])),
            Spread.Of(rounds.Select(round => round[i] / round[0])).Median))]);
    }

    private static double Time(Func<Marginals> infer)
    {
        var begun = Stopwatch.GetTimestamp();
        infer().ToLabelMap();
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    /// <summary>Scores from a coarse grid: those of the reference, or others with as many winning labels.</summary>
    private static float[] Scores(RgbImage photo)
    {
        const int rows = 25, columns = 33, winners = 7, header = 128;
        var grid = new float[Labels * rows * columns];
        if (FromShared("inputs/large_score_grid.npy") is { } path)
        {
            var bytes = File.ReadAllBytes(path).AsSpan(header);
            for (var i = 0; i < grid.Length; i++)
                grid[i] = bytes[i] / 4f;
        }
        else
        {
            var random = new Random(1);
            for (var i = 0; i < grid.Length; i++)
                grid[i] = (i / (rows * columns)) < winners ? 30 + (10 * random.NextSingle()) : 20 * random.NextSingle();
        }

        var scores = new float[Labels * photo.Width * photo.Height];
        Planes.ResizeBilinear(grid, Labels, rows, columns, scores, photo.Height, photo.Width, antialias: false);
        return scores;
    }

    private static string? FromShared(string file)
        => Environment.GetEnvironmentVariable("DECONVNET_SHARED") is { } folder && Path.Combine(folder, "reference", "crf", file) is var path && File.Exists(path) ? path : null;
}
