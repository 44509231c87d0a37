using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Runtime;

/// <summary>
/// Compares small convolutions in float32, which oneDNN computes, with float64, which libtorch computes itself.
/// </summary>
/// <remarks>
/// On some processors, oneDNN 3.7 (libtorch 2.10) gives wrong results, as if it did not clear the channels that pad its blocked layouts to a multiple of 16, and summed
/// whatever was in that memory: over the input channels in the forward pass, over the output channels in the gradient of the input. So memory is filled with
/// NaN first. Two images are needed, since libtorch does not use oneDNN for a single small image.
/// </remarks>
internal static class ConvolutionProbe
{
    private const int Images = 2;
    private const int Side = 8;
    private const double Tolerance = 1e-4;

    // Of numbers with 8 significant bits; values that were read by mistake are NaN here, or add far more.
    private const double Tolerance16 = 0.05;

    // Number of values of the tensors in blocked layout, with 16 or 32 channels: maps [2, C, 8, 8] and [2, C, 18, 18], kernels of 1×1, 3×3 and 4×4.
    private static readonly int[] blockedSizes = [2048, 4096, 10368, 20736, 512, 4608, 8192];

    /// <summary>Whether convolutions and their gradients are correct if channels are not multiples of 16.</summary>
    public static bool IsCorrectForAnyChannels() => IsRight(12, 20, 12, needsInputGradient: true);

    /// <summary>Whether convolutions are correct as DeconvNet's networks use them with padding: three channels for a photo, then multiples of 16.</summary>
    public static bool IsCorrectForPaddedChannels() => IsRight(16, 32, 16, needsInputGradient: true) && IsRight(3, 32, 16, needsInputGradient: false);

    /// <summary>Whether convolutions are correct in a 16-bit format, with channels last, with and without padding.</summary>
    public static bool IsCorrectIn(ScalarType type)
    {
        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();
        return new[] { (12, 20, 12), (16, 32, 16), (3, 32, 16) }.All(channels =>
        {
            var values = Values(channels.Item1, channels.Item2, channels.Item3);
            using var poison = new PoisonedMemory(Array.ConvertAll(blockedSizes, size => size / 2));
            return IsNear(Compute(ChannelsLast(values, type)), Compute(ChannelsLast(values, ScalarType.Float64)), Tolerance16);
        });
    }

    private static bool IsRight(int first, int second, int third, bool needsInputGradient)
    {
        // The caller may have disabled gradients.
        using var recorded = inference_mode(false);
        using var gradients = enable_grad();
        using var scope = NewDisposeScope();
        var values = Values(first, second, third);
        using var poison = new PoisonedMemory(blockedSizes);
        var actual = Run(values, ScalarType.Float32, needsInputGradient);
        var expected = Run(values, ScalarType.Float64, needsInputGradient);
        return actual.Zip(expected).All(pair => IsNear(pair.First, pair.Second))
            && IsNear(Compute(ChannelsLast(values, ScalarType.Float32)), expected[0]);
    }

    /// <summary>Returns the output of the convolutions and the gradients of input and kernels.</summary>
    private static Tensor[] Run(Tensor[] values, ScalarType type, bool needsInputGradient)
    {
        Tensor[] leaves = [.. values.Select((value, i) => value.to(type, copy: true).requires_grad_(i > 0 || needsInputGradient))];
        var x = Compute(leaves);
        x.backward([x.detach()]);
        return [x, .. leaves.Where(leaf => leaf.requires_grad).Select(leaf => leaf.grad!)];
    }

    /// <summary>A 3×3 convolution, a 1×1 convolution and a 4×4 transposed convolution with stride 2.</summary>
    private static Tensor Compute(Tensor[] values)
    {
        var x = nn.functional.conv2d(values[0], values[1], padding: [1, 1]);
        x = nn.functional.conv2d(x, values[2]);
        return nn.functional.conv_transpose2d(x, values[3], strides: [2, 2]);
    }

    private static Tensor[] ChannelsLast(Tensor[] values, ScalarType type) =>
        Array.ConvertAll(values, value => MemoryLayout.ChannelsLast(value.to(type)));

    internal static bool IsNear(Tensor actual, Tensor expected, double tolerance = Tolerance)
    {
        var distance = (actual.to(ScalarType.Float64) - expected).norm() / expected.norm();

        // Not "above": NaN is neither above nor below.
        return distance.ToDouble() < tolerance;
    }

    /// <summary>An input and the kernels of the three convolutions.</summary>
    private static Tensor[] Values(int first, int second, int third) =>
    [
        Values(Images, first, Side, Side),
        Values(second, first, 3, 3),
        Values(third, second, 1, 1),
        Values(third, second, 4, 4),
    ];

    // Random values would change what the application draws later from the same seed.
    private static Tensor Values(long count, long channels, long height, long width)
    {
        var values = new float[count * channels * height * width];
        for (var i = 0; i < values.Length; i++)
            values[i] = MathF.Sin(i * i);
        return tensor(values, [count, channels, height, width], ScalarType.Float32, CPU);
    }
}
