using System.Runtime.InteropServices;
using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Engine;

public sealed partial class TorchScorer
{
    private const float SmallestProbability = 1e-12f;

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
