using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

namespace DeconvNet.OnnxRuntime;

/// <summary>Runs a network with ONNX Runtime. Thread-safe; parallel calls run at the same time and give bit-equal results.</summary>
/// <remarks>It does not dispose the model. After the model was disposed, calls throw <see cref="ObjectDisposedException"/>.</remarks>
public sealed class OnnxScorer : IScorer
{
    private readonly OnnxModel model;
    private volatile bool disposed;

    /// <summary>Wraps a model, which brings its own input size, class names, preprocessing and settings.</summary>
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
    /// <exception cref="InvalidOperationException">The network failed, for instance for want of memory.</exception>
    /// <exception cref="ObjectDisposedException">The scorer or its model was disposed.</exception>
    public void Score(ReadOnlySpan<float> input, int count, int height, int width, Span<float> logits, CancellationToken cancellationToken = default)
    {
        this.CheckLengths(input.Length, count, height, width, logits.Length);
        ObjectDisposedException.ThrowIf(disposed, this);
        model.Run(input, [count, 3, height, width], logits, [count, ClassNames.Count, height, width], cancellationToken);
    }

    /// <summary>Ends the use of the model, which stays its owner's.</summary>
    public void Dispose()
    {
        disposed = true;
        if (OwnsModel)
            model.Dispose();
    }
}
