using System.Collections.Concurrent;

namespace SegmentWeb;

/// <summary>
/// The one thread on which the network runs. On Linux, each thread that runs a network keeps the memory of its largest pass, and the pool has many threads.
/// </summary>
internal sealed class NetworkThread : IDisposable
{
    private readonly BlockingCollection<Action> work = [];
    private readonly Thread thread;

    public NetworkThread()
    {
        thread = new Thread(Work) { Name = "Network", IsBackground = true };
        thread.Start();
    }

    /// <summary>Runs work after all earlier work.</summary>
    public Task<T> RunAsync<T>(Func<T> piece)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Add(() =>
        {
            try
            {
                done.SetResult(piece());
            }
            catch (OperationCanceledException error)
            {
                done.SetCanceled(error.CancellationToken);
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        return done.Task;
    }

    public void Dispose()
    {
        work.CompleteAdding();
        thread.Join();
        work.Dispose();
    }

    private void Work()
    {
        foreach (var piece in work.GetConsumingEnumerable())
            piece();
    }
}
