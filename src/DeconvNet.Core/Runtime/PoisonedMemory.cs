using static TorchSharp.torch;

namespace DeconvNet.Runtime;

/// <summary>
/// Leaves NaN in libtorch's free memory, for whoever reads memory that nobody wrote to. Every second block stays taken until this is disposed, so that the free ones
/// neither grow together nor go back to the system.
/// </summary>
internal sealed class PoisonedMemory : IDisposable
{
    private const int BlocksOfSize = 12;

    // Allocators look for the smallest free block that holds what is asked for and what aligning it may cost.
    private const int Slack = 64;

    private readonly List<Tensor> taken = [];

    /// <param name="sizes">Sizes of the tensors that shall meet NaN, in values of 4 bytes.</param>
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
