namespace DeconvNet.Crf.Lattice;

/// <summary>
/// Shares the parts of each step between the calling thread and the thread pool, without an allocation per step.
/// A part's result does not depend on which worker computes it, so the result does not depend on the number of threads. If the pool is busy, the caller
/// does all the work itself: it waits only for helpers that have started. In every step a worker starts with its own contiguous range of parts,
/// whose data is still in its cache, and then helps the others. One caller at a time.
/// </summary>
internal sealed class WorkerTeam
{
    // More threads than this only add overhead.
    private const int MaxWorkers = 64;

    // Integers between the counters of two workers, so that they never share a cache line.
    private const int Apart = 32;

    private readonly object gate = new();
    private readonly Helper[] helpers;
    private readonly int[] next;
    private Action<int, int>? work;
    private int parts;
    private int active;
    private volatile Exception? failure;

    /// <param name="workers">Number of threads, at least 1; more than 64 count as 64.</param>
    public WorkerTeam(int workers)
    {
        Workers = Math.Min(workers, MaxWorkers);
        next = new int[(Workers + 1) * Apart];
        helpers = [.. Enumerable.Range(1, Workers - 1).Select(number => new Helper(this, number))];
    }

    public int Workers { get; }

    /// <summary>Calls <paramref name="step"/> with the number of each part and of its worker, and waits for all parts.</summary>
    /// <exception cref="AggregateException">A part threw.</exception>
    public void Run(int count, Action<int, int> step)
    {
        if (helpers.Length == 0 || count <= 1)
        {
            for (var part = 0; part < count; part++)
                step(part, 0);
            return;
        }

        parts = count;
        for (var worker = 0; worker < Workers; worker++)
            Next(worker) = FirstPart(worker);
        lock (gate)
            work = step;
        foreach (var helper in helpers.AsSpan(0, Math.Min(helpers.Length, count - 1)))
            helper.Call();

        Share(step, worker: 0);
        WaitForHelpers();
        if (failure is { } thrown)
        {
            failure = null;
            throw new AggregateException(thrown);
        }
    }

    private void WaitForHelpers()
    {
        lock (gate)
            work = null;

        // Parts are short, so the others are usually done at once.
        for (var spin = default(SpinWait); Volatile.Read(ref active) > 0 && !spin.NextSpinWillYield;)
            spin.SpinOnce();
        lock (gate)
        {
            while (active > 0)
                Monitor.Wait(gate);
        }
    }

    private ref int Next(int worker) => ref next[(worker + 1) * Apart];

    private int FirstPart(int worker) => (int)((long)parts * worker / Workers);

    private void Share(Action<int, int> step, int worker)
    {
        try
        {
            for (var helped = 0; helped < Workers; helped++)
            {
                var owner = (worker + helped) % Workers;
                var end = FirstPart(owner + 1);
                for (int part; (part = Interlocked.Increment(ref Next(owner)) - 1) < end;)
                    step(part, worker);
            }
        }
        catch (Exception thrown)
        {
            failure = thrown;
        }
    }

    /// <summary>A worker besides the caller. It is queued at most once, so that two threads never share a number.</summary>
    private sealed class Helper(WorkerTeam team, int number) : IThreadPoolWorkItem
    {
        private bool isQueued;

        public void Call()
        {
            lock (team.gate)
            {
                if (isQueued)
                    return;
                isQueued = true;
            }

            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        public void Execute()
        {
            Action<int, int>? step;
            lock (team.gate)
            {
                // The step may be over, or the next one may have started.
                step = team.work;
                if (step is null)
                {
                    isQueued = false;
                    return;
                }

                team.active++;
            }

            team.Share(step, number);
            lock (team.gate)
            {
                isQueued = false;
                if (--team.active == 0)
                    Monitor.Pulse(team.gate);
            }
        }
    }
}
