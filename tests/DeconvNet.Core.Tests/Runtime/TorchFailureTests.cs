using System.Runtime.InteropServices;
using DeconvNet.Runtime;

namespace DeconvNet.Tests.Runtime;

public class TorchFailureTests
{
    [Theory]
    [InlineData("[enforce fail at alloc_cpu.cpp:119] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 400 bytes")]
    [InlineData("CUDA out of memory. Tried to allocate 2.00 GiB")]
    [InlineData("std::bad_alloc")]
    public void Too_little_memory_is_reported_as_such(string words)
    {
        var error = TorchFailure.Explain(new TorchError(words), "The network failed");
        Assert.IsType<InsufficientMemoryException>(error);
        Assert.StartsWith("The network failed: there is not enough memory: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CUDA error: an illegal memory access was encountered", "the device failed")]
    [InlineData("CUDA error: device-side assert triggered\nCUDA kernel errors might be reported later", "the device failed")]
    [InlineData("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED", "the device failed")]
    [InlineData("Expected all tensors to be on the same device", "libtorch refused: Expected all tensors")]
    public void Other_failures_are_not_reported_as_too_little_memory(string words, string expected)
    {
        var cause = new TorchError(words);
        var error = TorchFailure.Explain(cause, "The network failed");
        Assert.IsType<InvalidOperationException>(error);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Same(cause, error.InnerException);
    }

    private sealed class TorchError(string words) : ExternalException(words);
}
