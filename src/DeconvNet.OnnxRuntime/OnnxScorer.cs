using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

namespace DeconvNet.OnnxRuntime;

/// <summary>Runs a network with ONNX Runtime. Thread-safe; calls run concurrently, and results are bit-identical.</summary>
/// <remarks>The model is not disposed with the scorer. After the model is disposed, calls throw <see cref="ObjectDisposedException"/>.</remarks>
public sealed class OnnxScorer : IScorer
{
    private readonly OnnxModel model;
    private volatile bool disposed;

    /// <summary>Creates a scorer from a model.</summary>
    /// <param name="model">The model.</param>
    public OnnxScorer(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        this.model = model;
    }

    /// <summary>Whether the model is disposed with the scorer. Default false.</summary>
    internal bool OwnsModel { get; init; }

    /// <summary>Makes a segmenter that owns a model; where it cannot be made, the model is disposed.</summary>
    internal static T Segmenter<T>(OnnxModel model, Func<OnnxScorer, T> create)
    {
        try
        {
            return create(new OnnxScorer(model) { OwnsModel = true });
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int? InputSize => model.DeconvNetOptions?.InputSize;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => model.ClassNames;

    /// <inheritdoc/>
    public Preprocessing Preprocessing => model.Preprocessing;

    /// <inheritdoc/>
    public InferenceSettings Settings => model.Info.Inference;

    /// <inheritdoc/>
    public int BatchSizeFor(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return model.BatchSizeFor(count);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The network failed, for instance for lack of memory.</exception>
    /// <exception cref="ObjectDisposedException">The scorer or its model was disposed.</exception>
    public void Score(ReadOnlySpan<float> input, int count, int height, int width, Span<float> logits, CancellationToken cancellationToken = default)
    {
        this.CheckLengths(input.Length, count, height, width, logits.Length);
        ObjectDisposedException.ThrowIf(disposed, this);
        model.Run(input, count, height, width, logits, cancellationToken);
    }

    /// <summary>Stops using the model.</summary>
    public void Dispose()
    {
        disposed = true;
        if (OwnsModel)
            model.Dispose();
    }
}
