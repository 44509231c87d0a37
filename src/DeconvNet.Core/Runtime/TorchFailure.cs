using System.Runtime.InteropServices;

namespace DeconvNet.Runtime;

/// <summary>Translates exceptions of libtorch: out of memory, device failure, or an invalid operation.</summary>
internal static class TorchFailure
{
    private static readonly string[] MemoryWords = ["out of memory", "not enough memory", "can't allocate", "cannot allocate", "DefaultCPUAllocator", "bad_alloc", "bad allocation"];
    private static readonly string[] DeviceWords = ["CUDA error", "CUDA driver", "cuDNN error", "CUBLAS_STATUS", "CUDNN_STATUS", "device-side assert", "NCCL error"];

    /// <summary>The exception to throw instead.</summary>
    /// <param name="error">The exception thrown by TorchSharp.</param>
    /// <param name="what">What failed, as the beginning of a sentence.</param>
    public static Exception Explain(ExternalException error, string what)
    {
        // libtorch appends a stack trace after the first line.
        var words = error.Message.Split('\n', 2)[0].Trim().TrimEnd('.');
        if (MemoryWords.Any(Has))
            return new InsufficientMemoryException($"{what}: there is not enough memory: {words}.", error);
        return new InvalidOperationException(DeviceWords.Any(Has) ? $"{what}: the device failed, and may be unusable until the process ends: {words}." : $"{what}: libtorch refused: {words}.", error);

        bool Has(string word) => error.Message.Contains(word, StringComparison.OrdinalIgnoreCase);
    }
}
