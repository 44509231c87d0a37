namespace DeconvNet.Crf;

/// <summary>
/// The calling thread and some of its own that share the parts of one step after another, without an allocation per step.
/// A part's outcome never depends on who does it, so that the whole does not depend on the number of threads.
/// </summary>
internal sealed class WorkerTeam : IDisposable
{
    private readonly Barrier? barrier;
    private Action<int, int>? work;
    private int parts;
    private int next;
    private volatile Exception? failure;

    public WorkerTeam(int workers)
    {
        Workers = workers;
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

        (work, parts, next) = (step, count, 0);
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

    private void Share(int worker)
    {
        try
        {
            if (work is { } step)
            {
                for (int part; (part = Interlocked.Increment(ref next) - 1) < parts;)
                    step(part, worker);
            }
        }
        catch (Exception thrown)
        {
            failure = thrown;
        }
    }
}
