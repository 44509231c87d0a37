using DeconvNet.Imaging;

namespace DeconvNet.Weights;

/// <summary>How the pixels were prepared that a VGG-16 was trained with. Its file does not say; the names of its layers suggest it.</summary>
public enum VggInput
{
    /// <summary>B, G, R in gray levels minus 103.939, 116.779, 123.68: the VGG group's Caffe files and Keras' copies of them.</summary>
    Caffe,

    /// <summary>R, G, B from 0 to 1, minus 0.485, 0.456, 0.406, divided by 0.229, 0.224, 0.225: torchvision.</summary>
    Torchvision,
}

/// <summary>Network input as a function of gray levels: <c>gain · value + offset</c> for each plane.</summary>
internal sealed record InputScale(ChannelOrder Order, (double Gain, double Offset)[] Planes)
{
    public static InputScale Of(VggInput input) => input == VggInput.Torchvision
        ? new(ChannelOrder.Rgb, [Normalized(0.485, 0.229), Normalized(0.456, 0.224), Normalized(0.406, 0.225)])
        : new(ChannelOrder.Bgr, [(1, -103.939), (1, -116.779), (1, -123.68)]);

    public static InputScale Of(Preprocessing preprocessing)
    {
        var (scale, mean0, mean1, mean2) = ((double)preprocessing.Scale, (double)preprocessing.Mean0, (double)preprocessing.Mean1, (double)preprocessing.Mean2);
        return new(preprocessing.Order, [(scale, -mean0 * scale), (scale, -mean1 * scale), (scale, -mean2 * scale)]);
    }

    private static (double Gain, double Offset) Normalized(double mean, double deviation) => (1 / (255 * deviation), -mean / deviation);

    /// <summary>
    /// Rewrites the first kernel <c>[out, 3, k, k]</c>, made for this input, for another: what it gives stays the same wherever it lies inside the image.
    /// Returns what is to be added to the bias. (Padding is zero in both, which is not the same gray where the means differ.)
    /// </summary>
    public double[] Rewrite(Span<float> kernel, int outputs, InputScale target)
    {
        var area = kernel.Length / (outputs * 3);
        var source = kernel.ToArray();
        var bias = new double[outputs];
        for (var output = 0; output < outputs; output++)
        {
            for (var plane = 0; plane < 3; plane++)
            {
                var from = Order == target.Order ? plane : 2 - plane;
                var gain = Planes[from].Gain / target.Planes[plane].Gain;
                var offset = Planes[from].Offset - (gain * target.Planes[plane].Offset);
                var values = source.AsSpan(((output * 3) + from) * area, area);
                for (var i = 0; i < area; i++)
                {
                    kernel[(((output * 3) + plane) * area) + i] = (float)(values[i] * gain);
                    bias[output] += values[i] * offset;
                }
            }
        }

        return bias;
    }
}
