using System.Runtime.InteropServices;
using DeconvNet.Networks;
using DeconvNet.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Segmentation;

/// <summary>
/// Runs a network on plain memory, on the device where its parameters lie. Thread-safe: one forward pass at a time, which uses all cores itself.
/// </summary>
internal sealed class TorchForward(nn.Module<Tensor, Tensor> network, bool ownsNetwork) : IDisposable
{
    private readonly Lock gate = new();
    private bool disposed;

    /// <summary>Runs the network in evaluation mode.</summary>
    /// <param name="input">The input, as many values as <paramref name="inputShape"/> says.</param>
    /// <param name="inputShape">Its shape.</param>
    /// <param name="output">Receives the output.</param>
    /// <param name="outputShape">The shape that the output must have.</param>
    /// <param name="finish">What to do with the output first; <see langword="null"/> for nothing.</param>
    /// <exception cref="InvalidOperationException">The network failed, or put out another shape.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void Run(ReadOnlySpan<float> input, long[] inputShape, Span<float> output, long[] outputShape, Func<Tensor, Tensor>? finish = null)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            try
            {
                Forward(input, inputShape, MemoryMarshal.AsBytes(output), outputShape, finish);
            }
            catch (Exception error) when (error is ExternalException or ArgumentException or InsufficientMemoryException)
            {
                throw new InvalidOperationException($"The network failed on input of shape [{string.Join(", ", inputShape)}]: {error.Message}", error);
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            if (ownsNetwork)
                network.Dispose();
        }
    }

    private void Forward(ReadOnlySpan<float> values, long[] inputShape, Span<byte> result, long[] outputShape, Func<Tensor, Tensor>? finish)
    {
        TorchRuntime.EnsureUsable();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var withoutOneDnn = network is SegmentationModel ? null : OneDnn.SuspendWhereWrong();
        if (network.training)
            network.eval();

        var input = empty(inputShape, ScalarType.Float32);
        MemoryMarshal.AsBytes(values).CopyTo(input.bytes);
        if (network.parameters().FirstOrDefault() is { } parameter && parameter.device_type != DeviceType.CPU)
            input = input.to(parameter.device);

        var output = network.forward(input);
        output = (finish is null ? output : finish(output)).to(ScalarType.Float32).cpu().contiguous();
        if (!output.shape.SequenceEqual(outputShape))
            throw new InvalidOperationException($"The network put out [{string.Join(", ", output.shape)}]; expected [{string.Join(", ", outputShape)}].");
        output.bytes.CopyTo(result);
    }
}
