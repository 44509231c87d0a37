using DeconvNet.Imaging;
using DeconvNet.Networks;
using static TorchSharp.torch;

namespace DeconvNet.Segmentation;

/// <summary>
/// Runs the network with libtorch, on the device where its parameters lie. Thread-safe: one forward pass at a time, which uses all cores itself.
/// </summary>
public sealed class TorchCropScorer : ICropScorer
{
    private const float SmallestProbability = 1e-12f;

    private readonly TorchForward network;
    private readonly bool putsOutProbabilities;

    /// <summary>Wraps a model, which brings its own input size, class names and preprocessing.</summary>
    /// <param name="model">The model; put into evaluation mode before each use.</param>
    /// <param name="ownsModel">Whether disposing the scorer disposes <paramref name="model"/>.</param>
    public TorchCropScorer(DeconvNetModel model, bool ownsModel = false)
        : this(model, Require(model).Options.InputSize, model.ClassNames, model.Preprocessing, ownsModel) =>
        putsOutProbabilities = model.Options.SoftmaxOutput;

    /// <summary>Wraps a network that maps <c>[N, 3, S, S]</c> to raw scores <c>[N, classes, S, S]</c>.</summary>
    /// <param name="network">The network; put into evaluation mode before each use.</param>
    /// <param name="inputSize">Side S of its input in pixels, at least 1.</param>
    /// <param name="classNames">Class names by id.</param>
    /// <param name="preprocessing">How pixels become its input.</param>
    /// <param name="ownsNetwork">Whether disposing the scorer disposes <paramref name="network"/>.</param>
    public TorchCropScorer(
        nn.Module<Tensor, Tensor> network, int inputSize, IReadOnlyList<string> classNames, Preprocessing preprocessing, bool ownsNetwork = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputSize, 1);
        ArgumentNullException.ThrowIfNull(classNames);
        ArgumentNullException.ThrowIfNull(preprocessing);
        this.network = new TorchForward(network, ownsNetwork);
        InputSize = inputSize;
        ClassNames = classNames;
        Preprocessing = preprocessing;
    }

    /// <inheritdoc/>
    public int InputSize { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public Preprocessing Preprocessing { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span has another length than <paramref name="count"/> asks for.</exception>
    /// <exception cref="InvalidOperationException">The network failed, or put out another shape.</exception>
    /// <exception cref="ObjectDisposedException">The scorer was disposed.</exception>
    public void Score(ReadOnlySpan<float> crops, int count, Span<float> scores)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var pixels = (long)count * InputSize * InputSize;
        if (crops.Length != 3 * pixels)
            throw new ArgumentException($"{count} crops of side {InputSize} are {3 * pixels} values, not {crops.Length}.", nameof(crops));
        if (scores.Length != ClassNames.Count * pixels)
            throw new ArgumentException($"The scores of {count} crops are {ClassNames.Count * pixels} values, not {scores.Length}.", nameof(scores));

        // Logarithms of probabilities are raw scores again, up to a constant of each pixel that softmax removes.
        network.Run(
            crops,
            [count, 3, InputSize, InputSize],
            scores,
            [count, ClassNames.Count, InputSize, InputSize],
            putsOutProbabilities ? output => output.clamp(min: SmallestProbability).log() : null);
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();

    private static DeconvNetModel Require(DeconvNetModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model;
    }
}
