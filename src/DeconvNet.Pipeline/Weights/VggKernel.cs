using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Weights;

/// <summary>Maps stored kernels and matrices to convolution kernels <c>[out, in, k, k]</c>.</summary>
internal static class VggKernel
{
    /// <summary>The layout of a stored tensor as the kernel of a layer; <see langword="null"/> if the size does not match.</summary>
    public static StridedLayout? LayoutFor(LayerSpec row, StoredTensor tensor, bool isKeras)
    {
        var (outputs, inputs, side) = ((long)row.OutChannels, (long)row.InChannels, (long)row.Kernel);
        var shape = tensor.Shape;
        var kernel = StridedLayout.RowMajor(row.WeightShape);

        // Fully connected layers of PyTorch and Caffe are [out, in · k · k] with channel-major inputs, which is the layout of the kernel; old Caffe files have two leading dimensions of 1.
        if (!isKeras)
            return shape.SequenceEqual(row.WeightShape) || (IsMatrix(shape, out var rows, out var columns) && rows == outputs && columns == inputs * side * side) ? kernel : null;
        if (shape.SequenceEqual([side, side, inputs, outputs]))
            return StridedLayout.RowMajor(shape).Permute(3, 2, 0, 1);

        // Those of Keras are [k · k · in, out] with pixel-major inputs.
        return shape.SequenceEqual([side * side * inputs, outputs])
            ? StridedLayout.RowMajor([side, side, inputs, outputs]).Permute(3, 2, 0, 1)
            : null;
    }

    /// <summary>
    /// Converts the first kernel <c>[out, 3, k, k]</c> from one preprocessing to another, so that its output for the same pixels is unchanged everywhere inside
    /// the image. Returns the values to add to the bias. (Padding is zero in both, which is a different gray if the means differ.)
    /// </summary>
    public static double[] Rewrite(Span<float> kernel, int outputs, Preprocessing source, Preprocessing target)
    {
        var area = kernel.Length / (outputs * 3);
        var old = kernel.ToArray();
        var bias = new double[outputs];
        for (var output = 0; output < outputs; output++)
        {
            for (var plane = 0; plane < 3; plane++)
            {
                var from = source.Order == target.Order ? plane : 2 - plane;
                var gain = (double)source.Scale[from] / target.Scale[plane];
                var offset = source.Scale[from] * ((double)target.Mean[plane] - source.Mean[from]);
                var values = old.AsSpan(((output * 3) + from) * area, area);
                for (var i = 0; i < area; i++)
                {
                    kernel[(((output * 3) + plane) * area) + i] = (float)(values[i] * gain);
                    bias[output] += values[i] * offset;
                }
            }
        }

        return bias;
    }

    private static bool IsMatrix(IReadOnlyList<long> shape, out long rows, out long columns)
    {
        (rows, columns) = shape.Count >= 2 ? (shape[^2], shape[^1]) : (0, 0);
        return shape.Count >= 2 && shape.SkipLast(2).All(side => side == 1);
    }
}
