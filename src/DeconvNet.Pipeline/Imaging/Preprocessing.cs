namespace DeconvNet.Imaging;

/// <summary>Order of the color planes that a network expects.</summary>
public enum ChannelOrder
{
    /// <summary>Plane 0 is red.</summary>
    Rgb,

    /// <summary>Plane 0 is blue, as in Caffe and OpenCV.</summary>
    Bgr,
}

/// <summary>
/// How 8-bit pixels become network input: <c>(value − mean) · scale</c> in the given channel order.
/// It belongs to the weights and travels with them. Immutable.
/// </summary>
/// <param name="Order">Order of the planes.</param>
/// <param name="Scale">Factor after the mean is subtracted; 1 for Caffe models.</param>
/// <param name="Mean0">Mean of plane 0 in gray levels (0 … 255).</param>
/// <param name="Mean1">Mean of plane 1 in gray levels.</param>
/// <param name="Mean2">Mean of plane 2 in gray levels.</param>
public sealed record Preprocessing(ChannelOrder Order, float Scale, float Mean0, float Mean1, float Mean2)
{
    /// <summary>BGR minus the ILSVRC mean, no scaling: what the authors' inference script does.</summary>
    public static Preprocessing Caffe { get; } = new(ChannelOrder.Bgr, 1f, 104.00698793f, 116.66876762f, 122.67891434f);

    /// <summary>BGR divided by 255, no mean: the Keras variant.</summary>
    public static Preprocessing Keras { get; } = new(ChannelOrder.Bgr, 1f / 255f, 0f, 0f, 0f);

    /// <summary>Writes the image as planes <c>[3, H, W]</c> into <paramref name="planes"/>.</summary>
    /// <param name="pixels">Row-major RGB bytes, <c>3 · count</c>.</param>
    /// <param name="planes">Destination, <c>3 · count</c> floats.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public void Apply(ReadOnlySpan<byte> pixels, Span<float> planes)
    {
        if (pixels.Length != planes.Length || pixels.Length % 3 != 0)
            throw new ArgumentException($"{pixels.Length} bytes of pixels do not fill {planes.Length} values of three planes.", nameof(planes));

        var count = pixels.Length / 3;
        var plane0 = planes[..count];
        var plane1 = planes.Slice(count, count);
        var plane2 = planes[(2 * count)..];
        var (source0, source2) = Order == ChannelOrder.Rgb ? (0, 2) : (2, 0);
        for (var i = 0; i < count; i++)
        {
            plane0[i] = (pixels[(3 * i) + source0] - Mean0) * Scale;
            plane1[i] = (pixels[(3 * i) + 1] - Mean1) * Scale;
            plane2[i] = (pixels[(3 * i) + source2] - Mean2) * Scale;
        }
    }
}
