namespace DeconvNet.Imaging;

public sealed partial class LabelMap
{
    /// <summary>Cuts out a box; pixels outside the map are <see cref="Void"/>, as in the authors' data layer.</summary>
    /// <exception cref="ArgumentException">The box is empty or too large for an array.</exception>
    public LabelMap Crop(PixelBox box)
    {
        CropArea.Validate(box, bytesPerPixel: 1);
        var target = new byte[box.Width * box.Height];
        if (box.Intersect(new PixelBox(0, 0, Width, Height)) != box)
            target.AsSpan().Fill(Void);

        CropArea.Copy(pixels, Width, Height, 1, box, target);
        return new LabelMap(box.Width, box.Height, target);
    }

    /// <summary>The map flipped left to right.</summary>
    public LabelMap FlipHorizontal()
    {
        var target = (byte[])pixels.Clone();
        for (var row = 0; row < target.Length; row += Width)
            target.AsSpan(row, Width).Reverse();

        return new LabelMap(Width, Height, target);
    }
}
