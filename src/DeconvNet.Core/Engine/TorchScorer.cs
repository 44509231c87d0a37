using System.Runtime.InteropServices;
using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Runtime;
using DeconvNet.Segmentation;
using DeconvNet.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Engine;

/// <summary>
/// Runs a network with libtorch, on the device where its parameters lie. Thread-safe: one forward pass at a time, which uses all cores itself.
/// </summary>
/// <remarks>
/// The network stays its owner's. The owner of a <see cref="SegmentationModel"/> may dispose, move or train it at any time: that waits for the pass that runs; later
/// passes throw <see cref="ObjectDisposedException"/>, run on the new device, or wait for the training step. The mode of the model is not changed. Scoring always runs it as in evaluation mode.
/// </remarks>
public sealed class TorchScorer : IScorer
{
    private const float SmallestProbability = 1e-12f;

    private readonly nn.Module<Tensor, Tensor> network;
    private readonly SegmentationModel? model;
    private readonly Lock gate;
    private bool disposed;

    /// <summary>Wraps a model, which brings its own input size, class names, preprocessing and settings.</summary>
    /// <param name="model">The model; run as in evaluation mode, whatever mode it is in.</param>
    public TorchScorer(SegmentationModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        network = this.model = model;
        gate = model.Gate;
        InputSize = model.FixedInputSize;
        ClassNames = model.ClassNames;
        Preprocessing = model.Preprocessing;
        Settings = model.Info.Inference;
    }

    /// <summary>Wraps a network that maps <c>[N, 3, H, W]</c> to logits <c>[N, classes, H, W]</c>.</summary>
    /// <param name="network">The network; put into evaluation mode before each use. It must not be disposed or moved while the scorer works.</param>
    /// <param name="inputSize">Side of its square input in pixels, at least 1; <see langword="null"/> if it takes any size.</param>
    /// <param name="classNames">Class names by id.</param>
    /// <param name="preprocessing">How pixels become its input.</param>
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

    /// <summary>Whether nobody else holds the network, so that it is disposed with the scorer.</summary>
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
    /// <exception cref="InvalidOperationException">The network failed, put out another shape, or put out NaN or infinity; the message names the first layer that did.</exception>
    /// <exception cref="ObjectDisposedException">The scorer or its model was disposed.</exception>
    public void Score(ReadOnlySpan<float> input, int count, int height, int width, Span<float> logits)
    {
        CheckLengths(input.Length, count, height, width, logits.Length);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            ObjectDisposedException.ThrowIf(model is { Access.IsDisposed: true }, model!);
            try
            {
                Forward(input, [count, 3, height, width], MemoryMarshal.AsBytes(logits));
            }
            catch (Exception error) when (error is ExternalException or ArgumentException or InsufficientMemoryException || (error is InvalidOperationException and not ObjectDisposedException && error.InnerException is ExternalException))
            {
                throw new InvalidOperationException($"The network failed on input of shape [{count}, 3, {height}, {width}]: {error.Message}", error);
            }
        }
    }

    /// <summary>Ends the use of the network, which stays its owner's. A pass that runs is waited for.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            if (OwnsNetwork)
                network.Dispose();
        }
    }

    private void CheckLengths(int input, int count, int height, int width, int logits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (InputSize is { } side && (height != side || width != side))
            throw new ArgumentException($"The network takes images of {side}×{side}, not {width}×{height}.", nameof(height));
        var pixels = (long)count * height * width;
        if (input != 3 * pixels)
            throw new ArgumentException($"{count} images of {width}×{height} are {3 * pixels} values, not {input}.", nameof(input));
        if (logits != ClassNames.Count * pixels)
            throw new ArgumentException($"The logits of {count} images of {width}×{height} are {ClassNames.Count * pixels} values, not {logits}.", nameof(logits));
    }

    private void Forward(ReadOnlySpan<float> values, long[] shape, Span<byte> result)
    {
        TorchRuntime.EnsureUsable();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var withoutOneDnn = model is not null ? null : OneDnn.SuspendWhereWrong();
        if (model is null && network.training)
            network.eval();
        using var running = model?.Access.Run(model);

        var input = empty(shape, ScalarType.Float32);
        MemoryMarshal.AsBytes(values).CopyTo(input.bytes);
        if (network.parameters().FirstOrDefault() is { } parameter && parameter.device_type != DeviceType.CPU)
            input = input.to(parameter.device);

        var output = model is null ? network.forward(input) : model.Infer(input);
        if (!output.isfinite().all().ToBoolean())
            throw NotFinite(input);

        // Logarithms of probabilities are logits, up to a constant of each pixel that softmax removes.
        if (model is DeconvNetModel { Options.SoftmaxOutput: true })
            output = output.clamp(min: SmallestProbability).log();
        output = output.to(ScalarType.Float32).cpu().contiguous();
        long[] expected = [shape[0], ClassNames.Count, shape[2], shape[3]];
        if (!output.shape.SequenceEqual(expected))
            throw new InvalidOperationException($"The network put out [{string.Join(", ", output.shape)}]; expected [{string.Join(", ", expected)}].");
        output.bytes.CopyTo(result);
    }

    private InvalidOperationException NotFinite(Tensor input)
    {
        if (model is null)
            return new($"The network {network.GetType().Name} put out NaN or infinity.");
        var layer = model.FirstNotFinite(input);
        var slot = WeightSlot.Of(model.Layers).FirstOrDefault(slot => !model.TensorOf(slot).isfinite().all().ToBoolean());
        return new($"The network put out NaN or infinity{(layer is null ? "" : $", first in layer '{layer}'")}{(slot is null ? "" : $"; its tensor '{slot.Name}' holds such a value")}.");
    }
}
