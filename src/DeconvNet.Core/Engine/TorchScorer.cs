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
/// Runs a network with libtorch, on the device of its parameters. Thread-safe: calls run one at a time, each on all cores.
/// </summary>
/// <remarks>
/// The network is not disposed with the scorer. The owner of a <see cref="SegmentationModel"/> may dispose, move or train it at any time: that waits for a running pass; later
/// passes throw <see cref="ObjectDisposedException"/>, run on the new device, or wait for the training step. Scoring always runs the model as in evaluation mode, without changing its mode.
/// Every call of a model copies its kernels, with batch norm folded into them; a segmenter that owns its model (<see cref="WeightsModels"/>) copies them once.
/// </remarks>
public sealed class TorchScorer : IScorer
{
    private const float SmallestProbability = 1e-12f;
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
    /// <remarks>Crops that threads compute in shares come in large batches, since threads wait for each other at the end. Other small crops come in larger batches than large ones, because each call reorders all kernels.</remarks>
    public int BatchSizeFor(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
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

    private unsafe void Run(ReadOnlySpan<float> input, int count, int height, int width, Span<float> logits, CancellationToken cancellationToken)
    {
        TorchRuntime.EnsureUsable();
        using var inference = inference_mode();

        // Threads that compute shares do not take this lock themselves: they would wait for whoever waits to change the model.
        using var running = model?.Access.Run(model);
        using var copy = model is null || OwnsNetwork ? null : Kernels(model);
        var kernels = model is null || !OwnsNetwork ? copy : lasting ??= Kernels(model);
        var shares = SharesOf(count);
        if (shares == 1)
        {
            Forward(input, [count, 3, height, width], kernels, MemoryMarshal.AsBytes(logits));
            return;
        }

        fixed (float* from = input, to = logits)
        {
            var (source, target) = ((nint)from, (nint)to);
            var (values, scores) = (3 * height * width, ClassNames.Count * height * width);
            CropShares.Run(shares, count, get_num_threads(), (start, end) => Forward(
                new((float*)source + ((long)start * values), (end - start) * values),
                [end - start, 3, height, width],
                kernels,
                MemoryMarshal.AsBytes(new Span<float>((float*)target + ((long)start * scores), (end - start) * scores))), cancellationToken);
        }
    }

    /// <summary>The number of shares that threads compute alone; 1 if all threads share each layer, which a GPU, few crops or many cores require.</summary>
    private int SharesOf(int count)
    {
        if (model is not DeconvNetModel || InputSize is not { } side || !OpenMpThreads.CanBeLimited || DeviceOf(model) != DeviceType.CPU)
            return 1;
        var shares = CropShares.CountOf(count, side);
        return shares < get_num_threads() ? 1 : shares;
    }

    private void Forward(ReadOnlySpan<float> values, long[] shape, InferenceKernels? kernels, Span<byte> result)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var withoutOneDnn = model is not null ? null : OneDnn.SuspendWhereWrong();
        if (model is null && network.training)
            network.eval();

        var input = empty(shape, ScalarType.Float32);
        MemoryMarshal.AsBytes(values).CopyTo(input.bytes);
        if (network.parameters().FirstOrDefault() is { } parameter)
            input = input.to(model is null ? ScalarType.Float32 : parameter.dtype).to(parameter.device);

        var output = model is null ? network.forward(input) : model.Infer(input, kernels!);
        if (!output.isfinite().all().ToBoolean())
            throw NotFinite(input);

        // Logarithms of probabilities are logits up to a constant per pixel, which softmax removes.
        if (model is DeconvNetModel { Options.SoftmaxOutput: true })
            output = output.clamp(min: SmallestProbability).log();
        output = output.to(ScalarType.Float32).cpu().contiguous();
        long[] expected = [shape[0], ClassNames.Count, shape[2], shape[3]];
        if (!output.shape.SequenceEqual(expected))
            throw new InvalidOperationException($"The network returned [{string.Join(", ", output.shape)}]; expected [{string.Join(", ", expected)}].");
        output.bytes.CopyTo(result);
    }

    private InferenceKernels Kernels(SegmentationModel owner) => new(owner, TypeOn(DeviceOf(owner)));

    private static DeviceType DeviceOf(SegmentationModel owner) => owner.parameters().First() is { IsInvalid: false } parameter ? parameter.device_type : DeviceType.CPU;

    private ScalarType? TypeOn(DeviceType device) => precision switch
    {
        TorchPrecision.BFloat16 when device != DeviceType.CPU || OneDnn.IsCorrectIn(ScalarType.BFloat16) => ScalarType.BFloat16,
        TorchPrecision.Half when device != DeviceType.CPU => ScalarType.Float16,
        _ => null,
    };

    private InvalidOperationException NotFinite(Tensor input)
    {
        if (model is null)
            return new($"The network {network.GetType().Name} returned NaN or infinity.");
        var layer = model.FirstNotFinite(input);
        var slot = WeightSlot.Of(model.Layers).FirstOrDefault(slot => !model.TensorOf(slot).isfinite().all().ToBoolean());
        return new($"The network returned NaN or infinity{(layer is null ? "" : $", first in layer '{layer}'")}{(slot is null ? "" : $"; its tensor '{slot.Name}' holds such a value")}.");
    }
}
