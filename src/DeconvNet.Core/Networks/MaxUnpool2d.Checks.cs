using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Networks;

public sealed partial class MaxUnpool2d
{
    private static (long Height, long Width) InRange((long Height, long Width) pair, long least, string name)
    {
        if (Math.Min(pair.Height, pair.Width) < least || Math.Max(pair.Height, pair.Width) > int.MaxValue)
            throw new ArgumentOutOfRangeException(name, pair, $"Height and width must lie between {least} and {int.MaxValue}.");

        return pair;
    }

    private static void CheckTensors(
        Tensor input,
        Tensor indices,
        [CallerArgumentExpression(nameof(input))] string? inputName = null,
        [CallerArgumentExpression(nameof(indices))] string? indicesName = null)
    {
        ArgumentNullException.ThrowIfNull(input, inputName);
        ArgumentNullException.ThrowIfNull(indices, indicesName);
        if (input.dtype is not (ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"The input is of type {input.dtype}; float16, bfloat16, float32 or float64 is needed.", inputName);
        if (indices.dtype != ScalarType.Int64)
            throw new ArgumentException($"The indices are of type {indices.dtype}; int64 is needed, as max pooling returns them.", indicesName);
        if (input.is_sparse || indices.is_sparse)
            throw new ArgumentException("Sparse tensors cannot be unpooled.", input.is_sparse ? inputName : indicesName);
        if (input.device_type == DeviceType.META)
            throw new ArgumentException("The input is on the meta device and has no values.", inputName);
        if (input.device_type != indices.device_type || input.device_index != indices.device_index)
            throw new ArgumentException($"The input is on {input.device}, the indices on {indices.device}; one device is needed.", indicesName);
        if (input.dim() is not (3 or 4))
            throw new ArgumentException($"The input has shape {Text(input.shape)}; [N, C, H, W] or [C, H, W] is needed.", inputName);
        if (!input.shape.AsSpan().SequenceEqual(indices.shape))
            throw new ArgumentException($"The indices have shape {Text(indices.shape)}, the input {Text(input.shape)}; both must be equal.", indicesName);
        if (input.shape[^2] == 0 || input.shape[^1] == 0)
            throw new ArgumentException($"The input has shape {Text(input.shape)}; height and width must be at least 1.", inputName);
        if ((Int128)input.shape[^2] * input.shape[^1] > int.MaxValue)
            throw new ArgumentException($"The input has shape {Text(input.shape)}; a plane may have at most {int.MaxValue} places.", inputName);
    }

    private (long Height, long Width) DefaultSize(Tensor input)
    {
        var (height, width) = DefaultSides(input.shape);
        return height < 1 || width < 1 || (Int128)height * width > int.MaxValue
            ? throw new ArgumentException(
                $"The input of shape {Text(input.shape)} would be unpooled to {height}×{width}: "
                    + $"each side must be at least 1, and a plane may have at most {int.MaxValue} places.",
                nameof(input))
            : (height, width);
    }

    private (long Height, long Width) ChosenSize(Tensor input, long[] outputSize)
    {
        var leading = input.shape.AsSpan()[..^2];
        if (outputSize.Length != 2 && !(outputSize.Length == input.dim() && outputSize.AsSpan()[..^2].SequenceEqual(leading)))
        {
            throw new ArgumentException(
                $"The output size is {Text(outputSize)}; height and width are needed, or the whole shape with the leading sides {Text(leading)}.",
                nameof(outputSize));
        }

        var (height, width) = (outputSize[^2], outputSize[^1]);
        var (usualHeight, usualWidth) = DefaultSides(input.shape);
        if (height < 1 || width < 1 || (Int128)height * width > int.MaxValue || !Near(height, usualHeight, Stride.Height) || !Near(width, usualWidth, Stride.Width))
        {
            throw new ArgumentException(
                $"The output size is {Text(outputSize)}; height must differ from {usualHeight} by less than {Stride.Height}, "
                    + $"width from {usualWidth} by less than {Stride.Width}, each be at least 1, and a plane may have at most {int.MaxValue} places.",
                nameof(outputSize));
        }

        return (height, width);

        static bool Near(long side, Int128 usual, long stride) => Int128.Abs(side - usual) < stride;
    }

    // No overflow: a side of the input and each setting are below 2^31.
    private (long Height, long Width) DefaultSides(long[] shape) => (
        ((shape[^2] - 1) * Stride.Height) - (2 * Padding.Height) + KernelSize.Height,
        ((shape[^1] - 1) * Stride.Width) - (2 * Padding.Width) + KernelSize.Width);

    private static string Text(ReadOnlySpan<long> sides) => $"[{string.Join(", ", sides.ToArray())}]";
}
