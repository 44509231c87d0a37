namespace DeconvNet.Imaging;

/// <summary>The preprocessed planes of a part of a photo, from which crops are cut, in working memory from the pool.</summary>
/// <remarks>Dispose it once, when no thread uses it anymore.</remarks>
internal sealed class PhotoPlanes : IDisposable
{
    private readonly ScratchArray<float> values;
    private readonly float[] black = new float[3];

    /// <param name="photo">The photo.</param>
    /// <param name="area">The part of it, inside the photo; may be empty.</param>
    /// <param name="preprocessing">The preprocessing of the network.</param>
    public PhotoPlanes(RgbImage photo, PixelBox area, Preprocessing preprocessing)
    {
        Area = area;
        values = new ScratchArray<float>(checked((int)(3 * area.Area)));
        using var bytes = new ScratchArray<byte>(values.Span.Length);
        CropArea.Copy(photo.Pixels, photo.Width, photo.Height, 3, area, bytes.Array);
        preprocessing.Apply(bytes.Span, values.Span);
        preprocessing.Apply([0, 0, 0], black);
    }

    /// <summary>The part of the photo.</summary>
    public PixelBox Area { get; }

    /// <summary>The planes, <c>[3, Area.Height, Area.Width]</c>.</summary>
    public ReadOnlySpan<float> Values => values.Span;

    /// <summary>A black pixel, preprocessed.</summary>
    public ReadOnlySpan<float> Black => black;

    public void Dispose() => values.Dispose();
}
