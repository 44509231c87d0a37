namespace DeconvNet.Architecture;

/// <summary>
/// Where the values of a feature map lie in the photo: value i is centered on pixel <c>Origin + Stride · i</c>. The offsets of the
/// published crop layers (5, 9 and 31 for FCN-8s; 27 for FCN-16s, 19 for FCN-32s) follow from this, and those of every other padding.
/// </summary>
/// <param name="Stride">Pixels of the photo between two values.</param>
/// <param name="Origin">Pixel of the photo at the center of value 0; a half for even kernels.</param>
internal readonly record struct FcnGrid(int Stride, double Origin)
{
    private const int CoarsestStride = 32;

    /// <summary>The output of a pooling layer. The 3×3 kernel of conv1_1 has the padding; the other convolutions preserve positions.</summary>
    public static FcnGrid OfPooling(FcnOptions options, int stride) => new(stride, ((stride - 1) / 2.0) + 1 - options.InputPadding);

    public static FcnGrid OfFc7(FcnOptions options)
    {
        var pool5 = OfPooling(options, CoarsestStride);
        return pool5 with { Origin = pool5.Origin + (CoarsestStride * (((options.Fc6Kernel - 1) / 2.0) - options.Fc6Padding)) };
    }

    /// <summary>After a transposed convolution without padding whose kernel is twice the factor.</summary>
    public FcnGrid Enlarged(int factor)
    {
        var stride = Stride / factor;
        return new(stride, Origin - (stride * ((2 * factor) - 1) / 2.0));
    }

    /// <summary>Without the first <paramref name="count"/> values.</summary>
    public FcnGrid From(int count) => this with { Origin = Origin + (Stride * count) };

    /// <summary>The first value that two maps of equal stride have in common: its index in this map, and in the other.</summary>
    public (int First, int OtherFirst) FirstCommon(FcnGrid other)
    {
        var offset = (int)((Origin - other.Origin) / Stride);
        return (Math.Max(0, -offset), Math.Max(0, offset));
    }

    /// <summary>Which value lies on pixel 0 of the photo, for a map of stride 1.</summary>
    public int OffsetOfPhoto => (int)-Origin;
}
