using System.Runtime.InteropServices;
using DeconvNet.Runtime;
using static TorchSharp.torch;

namespace DeconvNet.Networks;

/// <summary>
/// Two-dimensional max unpooling: each value goes to the position given by its switch (the index recorded by the pooling);
/// all other positions are zero. As in the paper; sizes and indices are those of PyTorch's <c>MaxUnpool2d</c>.
/// </summary>
/// <remarks>
/// <para>
/// Input is <c>[N, C, H, W]</c> or <c>[C, H, W]</c> of type float16, bfloat16, float32 or float64, on any device. Indices are int64, of the
/// same shape and device, with the value <c>row · width + column</c> in the output plane of their own channel.
/// </para>
/// <para>
/// If an index occurs more than once in a plane, as with overlapping pooling windows, the last of its values in row-major
/// order is kept, as in the authors' Caffe, on every device and for any number of threads. PyTorch leaves it undefined which one is kept.
/// The gradient flows only to the value that was kept; Caffe and PyTorch pass it to all values of the position, which is not the
/// derivative of the function.
/// </para>
/// <para>
/// All arguments are validated before libtorch is called. The values of the indices are validated on the CPU, so indices on another device
/// are copied on every call.
/// </para>
/// <para>The module is stateless and thread-safe.</para>
/// </remarks>
public sealed partial class MaxUnpool2d : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Creates an unpooling with square windows.</summary>
    /// <param name="kernelSize">Side of the pooling window, at least 1.</param>
    /// <param name="stride">Stride of the windows, at least 1; the kernel size if omitted.</param>
    /// <param name="padding">Padding of the pooling on each side, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public MaxUnpool2d(long kernelSize, long? stride = null, long padding = 0)
        : this((kernelSize, kernelSize), stride is { } step ? (step, step) : null, (padding, padding))
    {
    }

    /// <summary>Creates an unpooling with rectangular windows; each pair is (vertical, horizontal).</summary>
    /// <param name="kernelSize">Height and width of the pooling window, at least 1.</param>
    /// <param name="stride">Strides of the windows, at least 1; the kernel size if omitted.</param>
    /// <param name="padding">Padding of the pooling on each side, at least 0; 0 if omitted.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public MaxUnpool2d((long Height, long Width) kernelSize, (long Height, long Width)? stride = null, (long Height, long Width)? padding = null)
        : base(TorchRuntime.Usable(nameof(MaxUnpool2d)))
    {
        KernelSize = InRange(kernelSize, 1, nameof(kernelSize));
        Stride = InRange(stride ?? kernelSize, 1, nameof(stride));
        Padding = InRange(padding ?? (0, 0), 0, nameof(padding));
    }

    /// <summary>Height and width of the pooling window.</summary>
    public (long Height, long Width) KernelSize { get; }

    /// <summary>Strides of the windows.</summary>
    public (long Height, long Width) Stride { get; }

    /// <summary>Padding of the pooling on each side.</summary>
    public (long Height, long Width) Padding { get; }

    /// <summary>Unpools to the default size, <c>(in − 1) · stride − 2 · padding + kernel</c> in each direction.</summary>
    /// <param name="input">Values, <c>[N, C, H, W]</c> or <c>[C, H, W]</c>.</param>
    /// <param name="indices">Switches of the pooling, int64, of the same shape.</param>
    /// <returns><c>[N, C, outH, outW]</c> or <c>[C, outH, outW]</c>, of the type and on the device of <paramref name="input"/>.</returns>
    /// <exception cref="ArgumentException">A tensor has a wrong type, shape or device, or an index is out of range.</exception>
    /// <exception cref="InsufficientMemoryException">There is not enough memory.</exception>
    /// <exception cref="InvalidOperationException">The device failed.</exception>
    public override Tensor forward(Tensor input, Tensor indices)
    {
        CheckTensors(input, indices);
        return Place(input, indices, DefaultSize(input));
    }

    /// <summary>Unpools to a given size, for a pooling that dropped rows or columns at the lower or right edge.</summary>
    /// <param name="input">Values, <c>[N, C, H, W]</c> or <c>[C, H, W]</c>.</param>
    /// <param name="indices">Switches of the pooling, int64, of the same shape.</param>
    /// <param name="outputSize">
    /// Height and width, or the whole shape of the output. Each must differ from the default size by less than the stride.
    /// </param>
    /// <returns><c>[N, C, outH, outW]</c> or <c>[C, outH, outW]</c>, of the type and on the device of <paramref name="input"/>.</returns>
    /// <exception cref="ArgumentException">
    /// A tensor has a wrong type, shape or device, the size is invalid, or an index is out of range.
    /// </exception>
    /// <exception cref="InsufficientMemoryException">There is not enough memory.</exception>
    /// <exception cref="InvalidOperationException">The device failed.</exception>
    public Tensor forward(Tensor input, Tensor indices, long[] outputSize)
    {
        ArgumentNullException.ThrowIfNull(outputSize);
        CheckTensors(input, indices);
        return Place(input, indices, ChosenSize(input, outputSize));
    }

    /// <summary>
    /// Unpools without validating the values of the indices, for indices from a non-overlapping pooling of an input of this size.
    /// The result has the memory layout of <paramref name="x"/>; the gradient is correct.
    /// </summary>
    // libtorch needs the output size only, but TorchSharp's binding takes window, stride and padding (all three, or it reads out of bounds):
    // with stride 1 and no padding, this window gives the size, whatever the actual window was.
    internal static Tensor Unpool(Tensor x, Tensor indices, long outH, long outW) =>
        nn.functional.max_unpool2d(x, indices, [outH - x.shape[^2] + 1, outW - x.shape[^1] + 1], [1, 1], [0, 0]);

    private static Tensor Place(Tensor input, Tensor indices, (long Height, long Width) size)
    {
        using var scope = NewDisposeScope();
        try
        {
            var winners = MaxUnpool2dIndices.Winners(indices, size.Height * size.Width);
            var output = winners is null && input.NumberOfElements > 0
                ? Unpool(input, indices, size.Height, size.Width)
                : PlaceWinners(input, indices, winners, size);
            return output.MoveToOuterDisposeScope();
        }
        catch (ExternalException error)
        {
            throw TorchFailure.Explain(error, $"Input of shape {Text(input.shape)} could not be unpooled to {size.Height}×{size.Width}");
        }
    }

    // Losers add zero to the winner's value, so the order of additions does not matter, and the mask blocks their gradient.
    private static Tensor PlaceWinners(Tensor input, Tensor indices, Tensor? winners, (long Height, long Width) size)
    {
        var leading = input.shape[..^2];
        var places = input.shape[^2] * input.shape[^1];
        var values = winners is null ? input : where(winners, input, zeros_like(input));
        return zeros([.. leading, size.Height * size.Width], input.dtype, input.device)
            .scatter_add(-1, indices.reshape([.. leading, places]), values.reshape([.. leading, places]))
            .reshape([.. leading, size.Height, size.Width]);
    }
}
