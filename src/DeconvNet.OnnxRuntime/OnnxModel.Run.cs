using DeconvNet.OnnxRuntime.Graphs;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DeconvNet.OnnxRuntime;

public sealed partial class OnnxModel
{
    /// <summary>Runs the network from memory to memory.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <exception cref="InvalidOperationException">The network failed, for instance for want of memory.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    internal unsafe void Run(ReadOnlySpan<float> input, long[] inputShape, Span<float> logits, long[] logitsShape, CancellationToken cancellationToken)
    {
        use.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            fixed (float* source = input, target = logits)
            {
                using var from = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.Float, inputShape, (nint)source, (long)input.Length * sizeof(float));
                using var to = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.Float, logitsShape, (nint)target, (long)logits.Length * sizeof(float));
                OnnxSession.Run(run => session.Run(run, [NetworkGraph.Input], [from], [NetworkGraph.Output], [to]), Name, inputShape, cancellationToken);
            }
        }
        finally
        {
            use.ExitReadLock();
        }
    }
}
