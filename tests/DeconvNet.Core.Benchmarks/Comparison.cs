using System.Diagnostics;

namespace DeconvNet.Benchmarks;

/// <summary>One of several ways to do the same work.</summary>
/// <param name="Name">Its row in the table.</param>
/// <param name="Run">Does the work once, and says how long that took.</param>
internal sealed record Contender(string Name, Func<TimeSpan> Run)
{
    public Contender(string name, Action work)
        : this(name, () => Time(work))
    {
    }

    private static TimeSpan Time(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start);
    }
}

/// <summary>
/// Times contenders in turn, round by round, so that other load on the machine meets all of them alike.
/// The ratio is the median of each round's own ratio to the first contender, the peer.
/// </summary>
internal static class Comparison
{
    private const int FewestRounds = 5;

    // Shorter samples would measure the clock and the scheduler rather than the work.
    private static readonly TimeSpan ShortestSample = TimeSpan.FromMilliseconds(10);

    public static void Run(string title, TimeSpan duration, params Contender[] contenders)
    {
        var counts = Array.ConvertAll(contenders, contender => WarmUp(contender, duration / (3 * contenders.Length)));
        var samples = Array.ConvertAll(contenders, _ => new List<double>());
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; round < FewestRounds || Stopwatch.GetElapsedTime(start) < duration; round++)
        {
            for (var turn = 0; turn < contenders.Length; turn++)
            {
                // A different one starts each round, so that none always finds the caches as the same predecessor left them.
                var i = (round + turn) % contenders.Length;
                samples[i].Add(Sample(contenders[i], counts[i]).TotalMilliseconds / counts[i]);
            }
        }

        Table.Write(title, "ratio", "F3", [.. contenders.Select((contender, i) => new TableRow(
            contender.Name,
            Spread.Of(samples[i]),
            Spread.Of(samples[i].Zip(samples[0], (own, peer) => own / peer)).Median))]);
    }

    /// <summary>Runs until the code is fully optimized; returns the number of runs that make a sample of useful length.</summary>
    private static int WarmUp(Contender contender, TimeSpan duration)
    {
        var shortest = TimeSpan.MaxValue;
        var start = Stopwatch.GetTimestamp();
        do
        {
            var time = Sample(contender, 1);
            shortest = time < shortest ? time : shortest;
        }
        while (Stopwatch.GetElapsedTime(start) < duration);
        return Math.Max(1, (int)Math.Ceiling(ShortestSample / shortest));
    }

    private static TimeSpan Sample(Contender contender, int count)
    {
        var time = TimeSpan.Zero;
        for (var i = 0; i < count; i++)
            time += contender.Run();
        return time;
    }
}
