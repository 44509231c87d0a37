using TorchSharp;

namespace DeconvNet.Tests.Support;

/// <summary>Counts the tensors of the process, for tests that look for leaks.</summary>
internal static class LiveTensors
{
    /// <summary>The count after finalizers have disposed what earlier tests and new modules left; otherwise it could fall later by itself.</summary>
    public static long CountSettled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return torch.Tensor.TotalCount;
    }
}
