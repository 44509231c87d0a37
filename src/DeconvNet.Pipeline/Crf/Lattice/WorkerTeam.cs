namespace DeconvNet.Crf.Lattice;

/// <summary>
/// The calling thread and some of its own that share the parts of one step after another, without an allocation per step.
/// A part's outcome never depends on who does it, so that the whole does not depend on the number of threads. Each worker begins with its own
/// contiguous share of the parts, in step after step, since what it has written is still near it, and then helps the others.
/// </summary>
internal sealed class WorkerTeam : IDisposable
{
    // Integers between two workers' counters, so that no line of a processor's cache holds both.
    private const int Apart = 32;

    private readonly Barrier? barrier;
    private readonly int[] next;
    private Action<int, int>? work;
    private int parts;
    private volatile Exception? failure;

    public WorkerTeam(int workers)
    {
        Workers = workers;
        next = new int[(workers + 1) * Apart];
        if (workers == 1)
            return;

        barrier = new Barrier(workers);
        for (var worker = 1; worker < workers; worker++)
        {
            var number = worker;
            new Thread(() => Serve(number)) { IsBackground = true, Name = "DeconvNet CRF" }.Start();
        }
    }

    public int Workers { get; }

    /// <summary>Calls <paramref name="step"/> with each part's number and the number of the worker that does it, and waits for all.</summary>
    public void Run(int count, Action<int, int> step)
    {
        if (barrier is null)
        {
            for (var part = 0; part < count; part++)
                step(part, 0);
            return;
        }

        (work, parts) = (step, count);
        for (var worker = 0; worker < Workers; worker++)
            Next(worker) = FirstPart(worker);
        barrier.SignalAndWait();
        Share(worker: 0);
        barrier.SignalAndWait();
        if (failure is { } thrown)
        {
            failure = null;
            throw new AggregateException(thrown);
        }
    }

    /// <summary>Lets the other threads end.</summary>
    public void Dispose()
    {
        if (barrier is null)
            return;

        work = null;
        barrier.SignalAndWait();
        barrier.SignalAndWait();
        barrier.Dispose();
    }

    private void Serve(int worker)
    {
        while (true)
        {
            barrier!.SignalAndWait();
            var ending = work is null;
            Share(worker);
            barrier.SignalAndWait();
            if (ending)
                return;
        }
    }

    private ref int Next(int worker) => ref next[(worker + 1) * Apart];

    private int FirstPart(int worker) => (int)((long)parts * worker / Workers);

    private void Share(int worker)
    {
        try
        {
            if (work is { } step)
            {
                for (var helped = 0; helped < Workers; helped++)
                {
                    var owner = (worker + helped) % Workers;
                    var end = FirstPart(owner + 1);
                    for (int part; (part = Interlocked.Increment(ref Next(owner)) - 1) < end;)
                        step(part, worker);
                }
            }
        }
        catch (Exception thrown)
        {
            failure = thrown;
        }
    }
}
