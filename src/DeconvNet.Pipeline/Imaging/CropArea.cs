namespace DeconvNet.Imaging;

/// <summary>The part of a crop that lies inside an image, copied row by row.</summary>
internal static class CropArea
{
    /// <summary>Throws if a box is empty or too large for an array.</summary>
    public static void Validate(PixelBox box, int bytesPerPixel)
    {
        var (width, height) = ((long)box.X1 - box.X0, (long)box.Y1 - box.Y0);
        if (width < 1 || height < 1)
            throw new ArgumentException($"{box} holds no pixel to crop.", nameof(box));

        if (width > Array.MaxLength || height > Array.MaxLength || width * height > Array.MaxLength / bytesPerPixel)
            throw new ArgumentException($"{box} is too large to crop.", nameof(box));
    }

    public static void Copy(ReadOnlySpan<byte> source, int width, int height, int bytesPerPixel, PixelBox box, Span<byte> target)
    {
        var inside = box.Intersect(new PixelBox(0, 0, width, height));
        if (inside.IsEmpty)
            return;

        for (var y = inside.Y0; y < inside.Y1; y++)
        {
            source.Slice(bytesPerPixel * ((y * width) + inside.X0), bytesPerPixel * inside.Width)
                .CopyTo(target[(bytesPerPixel * (((y - box.Y0) * box.Width) + inside.X0 - box.X0))..]);
        }
    }
}
