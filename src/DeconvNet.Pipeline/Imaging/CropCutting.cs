using DeconvNet.Imaging.Resampling;

namespace DeconvNet.Imaging;

/// <summary>Cuts a crop out of a photo as network input. Memory is bounded by the visible part of the crop, however far it extends beyond the photo.</summary>
internal static class CropCutting
{
    /// <summary>
    /// Writes the planes of the crop, black outside the photo. They are resized as floats, since the authors' script does not round between resizing
    /// and network.
    /// </summary>
    /// <param name="image">The photo.</param>
    /// <param name="crop">The area to cut out; not empty.</param>
    /// <param name="preprocessing">The preprocessing of the network.</param>
    /// <param name="side">Side of the result in pixels.</param>
    /// <param name="planes">Receives <c>[3, side, side]</c>.</param>
    /// <param name="antialias">Whether to antialias when shrinking.</param>
    public static void Cut(RgbImage image, PixelBox crop, Preprocessing preprocessing, int side, Span<float> planes, bool antialias)
    {
        var visible = crop.Intersect(image.Bounds);
        var window = visible.IsEmpty ? default : new PlaneWindow(visible.X0 - crop.X0, visible.Y0 - crop.Y0, visible.Width, visible.Height);
        var length = 3 * window.Area;
        using var bytes = new ScratchArray<byte>(length);
        using var floats = new ScratchArray<float>(length);
        CropArea.Copy(image.Pixels, image.Width, image.Height, 3, visible, bytes.Array);
        preprocessing.Apply(bytes.Span, floats.Span);
        Span<float> black = stackalloc float[3];
        preprocessing.Apply([0, 0, 0], black);
        Planes.ResizeBordered(floats.Span, window, black, crop.Height, crop.Width, planes, side, side, antialias);
    }
}
