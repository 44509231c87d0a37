namespace DeconvNet.Imaging;

public sealed partial class RgbImage
{
    /// <summary>Cuts out a box; pixels outside the image are black, as in the authors' data layer.</summary>
    /// <exception cref="ArgumentException">The box is empty or too large for an array.</exception>
    public RgbImage Crop(PixelBox box)
    {
        CropArea.Validate(box, bytesPerPixel: 3);
        var target = new byte[3 * box.Width * box.Height];
        CropArea.Copy(pixels, Width, Height, 3, box, target);
        return new RgbImage(box.Width, box.Height, target);
    }

    /// <summary>The image flipped left to right.</summary>
    public RgbImage FlipHorizontal()
    {
        var target = new byte[pixels.Length];
        var stride = 3 * Width;
        for (var row = 0; row < pixels.Length; row += stride)
        {
            for (int from = row, to = row + stride - 3; from < row + stride; from += 3, to -= 3)
            {
                target[to] = pixels[from];
                target[to + 1] = pixels[from + 1];
                target[to + 2] = pixels[from + 2];
            }
        }

        return new RgbImage(Width, Height, target);
    }
}
