using DeconvNet.Imaging;
using DeconvNet.Networks;

namespace DeconvNet.Segmentation;

/// <summary>Runs an <see cref="FcnModel"/> with libtorch, on the device where its parameters lie. Thread-safe: one forward pass at a time, which uses all cores itself.</summary>
public sealed class TorchImageScorer : IImageScorer
{
    private readonly TorchForward network;

    /// <summary>Wraps a model, which brings its own class names and preprocessing.</summary>
    /// <param name="model">The model; put into evaluation mode before each use.</param>
    /// <param name="ownsModel">Whether disposing the scorer disposes <paramref name="model"/>.</param>
    public TorchImageScorer(FcnModel model, bool ownsModel = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        network = new TorchForward(model, ownsModel);
        ClassNames = model.ClassNames;
        Preprocessing = model.Preprocessing;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public Preprocessing Preprocessing { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span has another length than the size asks for.</exception>
    /// <exception cref="InvalidOperationException">The network failed, for instance for want of memory.</exception>
    /// <exception cref="ObjectDisposedException">The scorer was disposed.</exception>
    public void Score(ReadOnlySpan<float> planes, int width, int height, Span<float> scores)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var pixels = (long)width * height;
        if (planes.Length != 3 * pixels)
            throw new ArgumentException($"A photo of {width}×{height} is {3 * pixels} values, not {planes.Length}.", nameof(planes));
        if (scores.Length != ClassNames.Count * pixels)
            throw new ArgumentException($"The scores of {ClassNames.Count} classes at {width}×{height} are {ClassNames.Count * pixels} values, not {scores.Length}.", nameof(scores));

        network.Run(planes, [1, 3, height, width], scores, [1, ClassNames.Count, height, width]);
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();
}
