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

    public void Dispose() => torch.set_num_threads(before);
}
