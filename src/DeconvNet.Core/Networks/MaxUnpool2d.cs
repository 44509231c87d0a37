using System.Runtime.InteropServices;
using DeconvNet.Runtime;
using static TorchSharp.torch;

namespace DeconvNet.Networks;

/// <summary>
/// Undoes a two-dimensional max pooling: each value goes back to the place that its switch (the index kept by the pooling) names,
/// all other places are zero. As in the paper; PyTorch's <c>MaxUnpool2d</c> in sizes and meaning of the indices.
/// </summary>
/// <remarks>
/// <para>
/// Input is <c>[N, C, H, W]</c> or <c>[C, H, W]</c> of type float16, bfloat16, float32 or float64, on any device. Indices are int64, of the
/// same shape and device, counted <c>row · width + column</c> inside the output plane of their own channel.
/// </para>
/// <para>
/// Where an index occurs more than once in a plane, as it does where pooling windows overlap, the last of its values in row-major
/// order is kept, as in the authors' Caffe, on every device and for every thread count. PyTorch leaves open which one.
/// The gradient goes to the value that was kept and to no other; Caffe and PyTorch hand it to all values of the place, which is not the
/// derivative of the function.
/// </para>
/// <para>
/// All arguments are checked before libtorch sees them. The values of the indices are checked on the CPU, so that indices of another device
/// are copied once a call.
/// </para>
/// <para>The module has no state: any number of threads may use one instance at the same time.</para>
/// </remarks>
public sealed partial class MaxUnpool2d : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Unpooling with square windows.</summary>
    /// <param name="kernelSize">Side of the pooling window, at least 1.</param>
    /// <param name="stride">Step between windows, at least 1; the kernel size if not given.</param>
    /// <param name="padding">Rim that the pooling added on each side, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public MaxUnpool2d(long kernelSize, long? stride = null, long padding = 0)
        : this((kernelSize, kernelSize), stride is { } step ? (step, step) : null, (padding, padding))
    {
    }

    /// <summary>Unpooling with windows of any shape; each pair is (vertical, horizontal).</summary>
    /// <param name="kernelSize">Sides of the pooling window, at least 1.</param>
    /// <param name="stride">Steps between windows, at least 1; the kernel size if not given.</param>
    /// <param name="padding">Rims that the pooling added on each side, at least 0; none if not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public MaxUnpool2d((long Height, long Width) kernelSize, (long Height, long Width)? stride = null, (long Height, long Width)? padding = null)
        : base(TorchRuntime.Usable(nameof(MaxUnpool2d)))
    {
        KernelSize = InRange(kernelSize, 1, nameof(kernelSize));
        Stride = InRange(stride ?? kernelSize, 1, nameof(stride));
        Padding = InRange(padding ?? (0, 0), 0, nameof(padding));
    }

    /// <summary>Sides of the pooling window.</summary>
    public (long Height, long Width) KernelSize { get; }

    /// <summary>Steps between windows.</summary>
    public (long Height, long Width) Stride { get; }

    /// <summary>Rims that the pooling added on each side.</summary>
    public (long Height, long Width) Padding { get; }

    /// <summary>Unpools to the default size, <c>(in − 1) · stride − 2 · padding + kernel</c> in each direction.</summary>
    /// <param name="input">Values, <c>[N, C, H, W]</c> or <c>[C, H, W]</c>.</param>
    /// <param name="indices">Switches of the pooling, int64, of the same shape.</param>
    /// <returns><c>[N, C, outH, outW]</c> or <c>[C, outH, outW]</c>, of the type and on the device of <paramref name="input"/>.</returns>
    /// <exception cref="ArgumentException">A tensor has a wrong type, shape or device, or an index is out of range.</exception>
    /// <exception cref="InsufficientMemoryException">The output does not fit into memory.</exception>
    /// <exception cref="InvalidOperationException">The device failed.</exception>
    public override Tensor forward(Tensor input, Tensor indices)
    {
        CheckTensors(input, indices);
        return Place(input, indices, DefaultSize(input));
    }

    /// <summary>Unpools to a chosen size, for a pooling that dropped rows or columns at the lower or right edge.</summary>
    /// <param name="input">Values, <c>[N, C, H, W]</c> or <c>[C, H, W]</c>.</param>
    /// <param name="indices">Switches of the pooling, int64, of the same shape.</param>
    /// <param name="outputSize">
    /// Height and width, or the whole shape of the output. Each side must differ by less than the stride from the default size.
    /// </param>
    /// <returns><c>[N, C, outH, outW]</c> or <c>[C, outH, outW]</c>, of the type and on the device of <paramref name="input"/>.</returns>
    /// <exception cref="ArgumentException">
    /// A tensor has a wrong type, shape or device, the size is not possible, or an index is out of range.
    /// </exception>
    /// <exception cref="InsufficientMemoryException">The output does not fit into memory.</exception>
    /// <exception cref="InvalidOperationException">The device failed.</exception>
    public Tensor forward(Tensor input, Tensor indices, long[] outputSize)
    {
        ArgumentNullException.ThrowIfNull(outputSize);
        CheckTensors(input, indices);
        return Place(input, indices, ChosenSize(input, outputSize));
    }

    /// <summary>
    /// Unpools without a look at the values of the indices, for those of a pooling whose windows do not overlap and whose input had this size.
    /// The result has the memory layout of <paramref name="x"/>; the gradient is right.
    /// </summary>
    // libtorch wants an output size only, TorchSharp's entry to it a window, stride and padding (all three, or it reads what is not there):
    // with stride 1 and no padding, this window gives the size, whatever the true one was.
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

    // Losers add zero where the winner's value stands: no order of additions can change the sum, and the mask cuts their gradient.
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
