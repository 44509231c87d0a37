namespace DeconvNet.Architecture;

/// <summary>
/// Where the values of a map lie in the photo: the center of number i is at pixel <c>Origin + Stride · i</c>. From this follow the offsets of the
/// published crop layers (5, 9 and 31 for FCN-8s; 27 for FCN-16s, 19 for FCN-32s), and those of every other padding.
/// </summary>
/// <param name="Stride">Pixels of the photo between two values.</param>
/// <param name="Origin">Pixel of the photo at the center of value 0; a half for even kernels.</param>
internal readonly record struct FcnGrid(int Stride, double Origin)
{
    private const int CoarsestStride = 32;

    /// <summary>The output of a pooling layer. conv1_1 of 3×3 has the padding, the other convolutions keep the place.</summary>
    public static FcnGrid OfPooling(FcnOptions options, int stride) => new(stride, ((stride - 1) / 2.0) + 1 - options.InputPadding);

    public static FcnGrid OfFc7(FcnOptions options)
    {
        var pool5 = OfPooling(options, CoarsestStride);
        return pool5 with { Origin = pool5.Origin + (CoarsestStride * (((options.Fc6Kernel - 1) / 2.0) - options.Fc6Padding)) };
    }

    /// <summary>After a transposed convolution of twice the factor's kernel and without padding.</summary>
    public FcnGrid Enlarged(int factor)
    {
        var stride = Stride / factor;
        return new(stride, Origin - (stride * ((2 * factor) - 1) / 2.0));
    }

    /// <summary>Without the first <paramref name="count"/> values.</summary>
    public FcnGrid From(int count) => this with { Origin = Origin + (Stride * count) };

    /// <summary>The first value that two maps of one stride have in common: its number in this map, and in the other.</summary>
    public (int First, int OtherFirst) FirstCommon(FcnGrid other)
    {
        var offset = (int)((Origin - other.Origin) / Stride);
        return (Math.Max(0, -offset), Math.Max(0, offset));
    }

    /// <summary>Which value lies on pixel 0 of the photo, for a map of stride 1.</summary>
    public int OffsetOfPhoto => (int)-Origin;
}
