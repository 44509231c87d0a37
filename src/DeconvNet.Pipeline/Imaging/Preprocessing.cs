namespace DeconvNet.Imaging;

/// <summary>Order of the color planes of network input.</summary>
public enum ChannelOrder
{
    /// <summary>Plane 0 is red.</summary>
    Rgb,

    /// <summary>Plane 0 is blue, as in Caffe and OpenCV.</summary>
    Bgr,
}

/// <summary>One value for each of the three color planes of network input.</summary>
/// <param name="Plane0">Value of the first plane, red or blue.</param>
/// <param name="Plane1">Value of the second plane, green.</param>
/// <param name="Plane2">Value of the third plane, blue or red.</param>
public readonly record struct ChannelValues(float Plane0, float Plane1, float Plane2)
{
    /// <summary>The same value for all planes.</summary>
    public static ChannelValues All(float value) => new(value, value, value);

    /// <summary>The value of a plane.</summary>
    /// <param name="plane">0, 1 or 2.</param>
    public float this[int plane] => plane switch { 0 => Plane0, 1 => Plane1, 2 => Plane2, _ => throw new ArgumentOutOfRangeException(nameof(plane), plane, "There are planes 0, 1 and 2.") };

    internal bool AreAll(Func<float, bool> condition) => condition(Plane0) && condition(Plane1) && condition(Plane2);
}

/// <summary>
/// How 8-bit pixels become network input: <c>(value − mean) · scale</c> for each plane, in the given channel order.
/// Stored with the weights. Immutable.
/// </summary>
public sealed record Preprocessing
{
    /// <summary>BGR minus the ILSVRC mean, unscaled, as in the authors' inference script.</summary>
    public static Preprocessing Caffe { get; } = new() { Order = ChannelOrder.Bgr, Mean = new(104.00698793f, 116.66876762f, 122.67891434f) };

    /// <summary>BGR minus 103.939, 116.779, 123.68, unscaled, for the VGG group's Caffe files and Keras' copies of them.</summary>
    public static Preprocessing Vgg { get; } = new() { Order = ChannelOrder.Bgr, Mean = new(103.939f, 116.779f, 123.68f) };

    /// <summary>BGR divided by 255, without mean subtraction, for the Keras variant.</summary>
    public static Preprocessing Keras { get; } = new() { Order = ChannelOrder.Bgr, Scale = ChannelValues.All(1f / 255f) };

    /// <summary>RGB scaled to 0 … 1, minus 0.485, 0.456, 0.406, divided by 0.229, 0.224, 0.225, for torchvision and timm.</summary>
    public static Preprocessing Torchvision { get; } = Normalized(ChannelOrder.Rgb, new(0.485f, 0.456f, 0.406f), new(0.229f, 0.224f, 0.225f));

    /// <summary>Order of the planes.</summary>
    public required ChannelOrder Order { get; init; }

    /// <summary>Mean of each plane in gray levels, 0 … 255. Default 0.</summary>
    public ChannelValues Mean { get; init; }

    /// <summary>Scale of each plane, applied after subtracting the mean; not 0. Default 1, as in Caffe.</summary>
    public ChannelValues Scale { get; init; } = ChannelValues.All(1);

    /// <summary>Preprocessing given as mean and standard deviation of values scaled to 0 … 1, as in PyTorch's libraries.</summary>
    /// <param name="order">Order of the planes.</param>
    /// <param name="mean">Mean of each plane, 0 … 1.</param>
    /// <param name="deviation">Standard deviation of each plane, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A standard deviation is not above 0.</exception>
    public static Preprocessing Normalized(ChannelOrder order, ChannelValues mean, ChannelValues deviation)
    {
        if (!deviation.AreAll(value => value > 0))
            throw new ArgumentOutOfRangeException(nameof(deviation), deviation, "A standard deviation must be above 0.");
        return new()
        {
            Order = order,
            Mean = new(255 * mean.Plane0, 255 * mean.Plane1, 255 * mean.Plane2),
            Scale = new(1 / (255 * deviation.Plane0), 1 / (255 * deviation.Plane1), 1 / (255 * deviation.Plane2)),
        };
    }

    /// <summary>Converts pixels to planes <c>[3, H, W]</c>.</summary>
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
        var (mean0, mean1, mean2) = Mean;
        var (scale0, scale1, scale2) = Scale;
        for (var i = 0; i < count; i++)
        {
            plane0[i] = (pixels[(3 * i) + source0] - mean0) * scale0;
            plane1[i] = (pixels[(3 * i) + 1] - mean1) * scale1;
            plane2[i] = (pixels[(3 * i) + source2] - mean2) * scale2;
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    internal void Validate()
    {
        OptionValue.Require(Enum.IsDefined(Order), this, Order, "Rgb or Bgr");
        OptionValue.Require(Mean.AreAll(float.IsFinite), this, Mean, "finite");
        OptionValue.Require(Scale.AreAll(value => float.IsFinite(value) && value != 0), this, Scale, "finite and not 0");
    }
}
