using static TorchSharp.torch;

namespace DeconvNet.Runtime;

/// <summary>
/// Fills libtorch's free memory with NaN, to expose reads of uninitialized memory. Every second block stays allocated until this is disposed, so that the free blocks
/// are neither coalesced nor returned to the system.
/// </summary>
internal sealed class PoisonedMemory : IDisposable
{
    private const int BlocksOfSize = 12;

    // Allocators take the smallest free block that fits the request and its alignment.
    private const int Slack = 64;

    private readonly List<Tensor> taken = [];

    /// <param name="sizes">Sizes of the tensors that should get poisoned memory, in 4-byte values.</param>
    public PoisonedMemory(params ReadOnlySpan<int> sizes)
    {
        using var scope = NewDisposeScope();
        foreach (var size in sizes)
        {
            for (var i = 0; i < BlocksOfSize; i++)
            {
                var block = full(size + Slack, float.NaN, ScalarType.Float32, CPU);
                if (i % 2 == 0)
                    taken.Add(block.DetachFromDisposeScope());
            }
        }
    }

    public void Dispose()
    {
        foreach (var block in taken)
            block.Dispose();
    }
}
