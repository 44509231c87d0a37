using DeconvNet.Imaging.Resampling;

namespace DeconvNet.Imaging;

/// <summary>Cuts a crop out of a photo as network input. Memory is bounded by the visible part of the crop, however far it extends beyond the photo.</summary>
internal static class CropCutting
{
    /// <summary>Cuts one crop out of a photo. <see cref="Cut(PhotoPlanes, PixelBox, int, Span{float}, bool)"/> cuts many.</summary>
    /// <inheritdoc cref="Cut(PhotoPlanes, PixelBox, int, Span{float}, bool)"/>
    public static void Cut(RgbImage image, PixelBox crop, Preprocessing preprocessing, int side, Span<float> planes, bool antialias)
    {
        using var photo = new PhotoPlanes(image, crop.Intersect(image.Bounds), preprocessing);
        Cut(photo, crop, side, planes, antialias);
    }

    /// <summary>
    /// Writes the planes of the crop, black outside the photo. They are resized as floats, since the authors' script does not round between resizing
    /// and network.
    /// </summary>
    /// <param name="photo">The photo; its part must contain all of the photo that the crop shows.</param>
    /// <param name="crop">The area to cut out; not empty.</param>
    /// <param name="side">Side of the result in pixels.</param>
    /// <param name="planes">Receives <c>[3, side, side]</c>.</param>
    /// <param name="antialias">Whether to antialias when shrinking.</param>
    public static void Cut(PhotoPlanes photo, PixelBox crop, int side, Span<float> planes, bool antialias)
    {
        var area = photo.Area;
        var steps = new PlaneSteps(area.Width, area.Width * area.Height);
        var visible = crop.Intersect(area);
        var window = visible.IsEmpty ? default : new PlaneWindow(visible.X0 - crop.X0, visible.Y0 - crop.Y0, visible.Width, visible.Height);
        var corner = visible.IsEmpty ? 0 : ((visible.Y0 - area.Y0) * steps.Row) + visible.X0 - area.X0;
        Planes.ResizeBordered(photo.Values[corner..], steps, window, photo.Black, crop.Height, crop.Width, planes, side, side, antialias);
    }
}
