using DeconvNet.Runtime;
using static TorchSharp.torch;

namespace DeconvNet.Networks;

/// <summary>
/// Convolutions that are correct on every processor: where oneDNN sums uninitialized padding of its blocked layouts, channels are zero-padded to a multiple of 16
/// first. Elsewhere, and on devices other than the CPU, these are libtorch's own functions.
/// </summary>
internal static class ChannelPadding
{
    private const int Multiple = 16;

    /// <summary>OneDNN reads so few channels in place, unless the kernel is 1×1. This spares the photos, the largest maps, where padding would cost most.</summary>
    private const int FewChannels = 3;

    /// <summary>Convolution with stride 1.</summary>
    /// <param name="x"><c>[N, in, H, W]</c>.</param>
    /// <param name="weight"><c>[out, in, k, k]</c>.</param>
    /// <param name="bias"><c>[out]</c>.</param>
    /// <param name="padding">Zero padding.</param>
    public static Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, long padding = 0)
    {
        if (!IsNeeded(x))
            return nn.functional.conv2d(x, weight, bias, padding: [padding, padding]);

        var (outputs, inputs) = (weight.shape[0], weight.shape[1]);
        if (inputs > FewChannels || weight.shape[2] == 1)
            (x, weight) = (WithChannels(x, 1), WithChannels(weight, 1));

        // The gradient of the input sums over the output channels.
        if (x.requires_grad)
            (weight, bias) = (WithChannels(weight, 0), bias is null ? null : WithChannels(bias, 0));
        return First(outputs, nn.functional.conv2d(x, weight, bias, padding: [padding, padding]));
    }

    /// <summary>Transposed convolution without padding.</summary>
    /// <param name="x"><c>[N, in, H, W]</c>.</param>
    /// <param name="weight"><c>[in, out, k, k]</c>.</param>
    /// <param name="stride">Stride.</param>
    public static Tensor ConvolveTransposed(Tensor x, Tensor weight, long stride)
    {
        if (!IsNeeded(x))
            return nn.functional.conv_transpose2d(x, weight, strides: [stride, stride]);

        var outputs = weight.shape[1];
        (x, weight) = (WithChannels(x, 1), WithChannels(weight, 0));
        if (x.requires_grad)
            weight = WithChannels(weight, 1);
        return First(outputs, nn.functional.conv_transpose2d(x, weight, strides: [stride, stride]));
    }

    private static bool IsNeeded(Tensor x) => OneDnn.NeedsPadding && x.device_type == TorchSharp.DeviceType.CPU && x.dtype != ScalarType.Float64;

    /// <summary>Zero-pads a dimension at the end to a multiple of 16.</summary>
    private static Tensor WithChannels(Tensor tensor, int dimension)
    {
        var missing = (Multiple - (tensor.shape[dimension] % Multiple)) % Multiple;
        if (missing == 0)
            return tensor;

        // Two numbers per dimension, last dimension first.
        var amounts = new long[2 * (tensor.dim() - dimension)];
        amounts[^1] = missing;
        return nn.functional.pad(tensor, amounts);
    }

    private static Tensor First(long channels, Tensor x) => x.shape[1] == channels ? x : x.narrow(1, 0, channels);
}
