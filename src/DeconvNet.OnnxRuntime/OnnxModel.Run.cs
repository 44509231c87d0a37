using DeconvNet.OnnxRuntime.Graphs;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DeconvNet.OnnxRuntime;

public sealed partial class OnnxModel
{
    /// <summary>Runs the network.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <exception cref="InvalidOperationException">The network failed, for instance for lack of memory.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    internal unsafe void Run(ReadOnlySpan<float> input, ReadOnlySpan<long> inputShape, Span<float> logits, ReadOnlySpan<long> logitsShape, CancellationToken cancellationToken)
    {
        use.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            fixed (float* source = input, target = logits)
            {
                using var from = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.Float, inputShape.ToArray(), (nint)source, (long)input.Length * sizeof(float));
                using var to = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.Float, logitsShape.ToArray(), (nint)target, (long)logits.Length * sizeof(float));
                using var run = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
                using var cancellation = cancellationToken.Register(() => run.Terminate = true);
                session.Run(run, [NetworkGraph.Input], [from], [NetworkGraph.Output], [to]);
            }
        }
        catch (OnnxRuntimeException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new InvalidOperationException($"{Name} failed on input of shape [{string.Join(", ", inputShape.ToArray())}]: {error.Message}", error);
        }
        finally
        {
            use.ExitReadLock();
        }
    }
}
