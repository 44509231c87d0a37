namespace DeconvNet.OnnxRuntime;

public sealed partial class OnnxModel
{
    /// <summary>Runs the network.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <exception cref="InvalidOperationException">The network failed, for instance for lack of memory.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    internal unsafe void Run(ReadOnlySpan<float> input, int count, int height, int width, Span<float> logits, CancellationToken cancellationToken)
    {
        use.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            fixed (float* source = input, target = logits)
            {
                var batch = new ImageBatch((nint)source, (nint)target, count, (height, width, ClassNames.Count));
                OnnxSession.Run(run => sessions.Run(run, batch), Name, batch.InputShape, cancellationToken);
            }
        }
        finally
        {
            use.ExitReadLock();
        }
    }
}
