using System.Runtime.InteropServices;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Segmentation;
using DeconvNet.Weights;
using static TorchSharp.torch;

namespace DeconvNet.Engine;

/// <summary>
/// Runs a network with libtorch, on the device of its parameters. Thread-safe: calls run one at a time, each on all cores.
/// </summary>
/// <remarks>
/// The network is not disposed with the scorer. The owner of a <see cref="SegmentationModel"/> may dispose, move or train it at any time: that waits for a running pass; later
/// passes throw <see cref="ObjectDisposedException"/>, run on the new device, or wait for the training step. Scoring always runs the model as in evaluation mode, without changing its mode.
/// Every call of a model copies its kernels, with batch norm folded into them; a segmenter that owns its model (<see cref="WeightsModels"/>) copies them once.
/// </remarks>
public sealed partial class TorchScorer : IScorer
{
    private const int SmallestBatch = 8;
    private const int LargestBatch = 16;
    private const int PixelsPerBatch = 1 << 16;
    private const int LargestBatchOfShares = 256;
    private const int PixelsPerBatchOfShares = 1 << 19;

    private readonly nn.Module<Tensor, Tensor> network;
    private readonly SegmentationModel? model;
    private readonly TorchPrecision precision;
    private readonly Lock gate;
    private InferenceKernels? lasting;
    private bool disposed;

    /// <summary>Creates a scorer from a model.</summary>
    /// <param name="model">The model; it runs as in evaluation mode, whatever its mode.</param>
    public TorchScorer(SegmentationModel model)
        : this(model, TorchEngineOptions.Default)
    {
    }

    /// <summary>Creates a scorer from a model.</summary>
    /// <param name="model">The model; it runs as in evaluation mode, whatever its mode.</param>
    /// <param name="options">Options of the engine.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public TorchScorer(SegmentationModel model, TorchEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        precision = options.Precision;
        network = this.model = model;
        gate = model.Gate;
        InputSize = model.FixedInputSize;
        ClassNames = model.ClassNames;
        Preprocessing = model.Preprocessing;
        Settings = model.Info.Inference;
    }

    /// <summary>Creates a scorer from any network that maps <c>[N, 3, H, W]</c> to logits <c>[N, classes, H, W]</c>.</summary>
    /// <param name="network">The network; it is put into evaluation mode before each use. It must not be disposed or moved while the scorer is running.</param>
    /// <param name="inputSize">Side of the square input in pixels, at least 1; <see langword="null"/> if the network accepts any size.</param>
    /// <param name="classNames">Class names by id.</param>
    /// <param name="preprocessing">How pixels become network input.</param>
    public TorchScorer(nn.Module<Tensor, Tensor> network, int? inputSize, IReadOnlyList<string> classNames, Preprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (inputSize is < 1)
            throw new ArgumentOutOfRangeException(nameof(inputSize), inputSize, "The input size is at least 1.");
        ArgumentNullException.ThrowIfNull(classNames);
        ArgumentNullException.ThrowIfNull(preprocessing);
        this.network = network;
        gate = new();
        InputSize = inputSize;
        ClassNames = classNames;
        Preprocessing = preprocessing;
        Settings = InferenceSettings.None;
    }

    /// <summary>Whether the network is disposed with the scorer. Nobody else may change it then.</summary>
    internal bool OwnsNetwork { get; init; }

    /// <inheritdoc/>
    public int? InputSize { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public Preprocessing Preprocessing { get; }

    /// <inheritdoc/>
    public InferenceSettings Settings { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// Crops that each thread computes alone come in large batches, since threads wait for each other at the end. Otherwise, small crops come in larger batches, because each call
    /// reorders all kernels.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public int BatchSizeFor(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);

        // The device of the model is asked for, which its owner may dispose or move meanwhile.
        using var running = model?.Access.Run(model);
        var largest = (InputSize, SharesOf(count)) switch
        {
            ({ } side, > 1) => Math.Clamp(PixelsPerBatchOfShares / (side * side), SmallestBatch, LargestBatchOfShares),
            ({ } side, _) => Math.Clamp(PixelsPerBatch / (side * side), SmallestBatch, LargestBatch),
            _ => SmallestBatch,
        };

        // Batches of equal size: a last one of two crops would cost nearly as much as one of eight.
        var batches = ((count - 1) / largest) + 1;
        return ((count - 1) / batches) + 1;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The network failed, or its output has the wrong shape, NaN or infinity; the message names the first layer with such an output.</exception>
    /// <exception cref="ObjectDisposedException">The scorer or its model was disposed.</exception>
    public void Score(ReadOnlySpan<float> input, int count, int height, int width, Span<float> logits, CancellationToken cancellationToken = default)
    {
        this.CheckLengths(input.Length, count, height, width, logits.Length);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            ObjectDisposedException.ThrowIf(model is { Access.IsDisposed: true }, model!);
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                Run(input, count, height, width, logits, cancellationToken);
            }
            catch (Exception error) when (error is ExternalException or ArgumentException or InsufficientMemoryException || (error is InvalidOperationException and not ObjectDisposedException && error.InnerException is ExternalException))
            {
                throw new InvalidOperationException($"The network failed on input of shape [{count}, 3, {height}, {width}]: {error.Message}", error);
            }
        }
    }

    /// <summary>Stops using the network, after waiting for a running pass.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            lasting?.Dispose();
            if (OwnsNetwork)
                network.Dispose();
        }
    }
}
