using DeconvNet.Runtime;

namespace DeconvNet.Tests.Support;

/// <summary>Lets networks work as they do where oneDNN is wrong without padded channels, until it is disposed.</summary>
internal sealed class ForcedPadding : IDisposable
{
    private readonly bool needed;

    public ForcedPadding()
    {
        TorchRuntime.EnsureUsable();
        needed = OneDnn.NeedsPadding;
        OneDnn.NeedsPadding = true;
    }

    public void Dispose() => OneDnn.NeedsPadding = needed;
}
