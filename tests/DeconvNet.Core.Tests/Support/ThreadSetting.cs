using DeconvNet.Runtime;
using TorchSharp;

namespace DeconvNet.Tests.Support;

/// <summary>Sets libtorch's number of threads until it is disposed.</summary>
internal sealed class ThreadSetting : IDisposable
{
    private readonly int before;

    public ThreadSetting(int threads)
    {
        TorchRuntime.EnsureUsable();
        before = torch.get_num_threads();
        torch.set_num_threads(threads);
    }

    public void Dispose()
    {
        torch.set_num_threads(before);

        // A thread of the pool that used libtorch for the first time meanwhile would keep the number, and round otherwise in later tests. Each waits until all have been told.
        var others = Math.Max(0, ThreadPool.ThreadCount - 1);
        var untold = new CountdownEvent(others);
        for (var i = 0; i < others; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ =>
            {
                torch.set_num_threads(before);
                untold.Signal();
                untold.Wait(TimeSpan.FromSeconds(1));
            }, null);
        }

        untold.Wait(TimeSpan.FromSeconds(1));
    }
}
