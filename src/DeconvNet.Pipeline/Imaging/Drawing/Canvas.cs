namespace DeconvNet.Imaging.Drawing;

/// <summary>RGB pixels to draw on; drawing is clipped to them.</summary>
internal sealed partial class Canvas(int width, int height)
{
    /// <summary>Row-major RGB, <c>3 · Width · Height</c>.</summary>
    public byte[] Pixels { get; } = new byte[3 * width * height];

    public int Width { get; } = width;

    public int Height { get; } = height;

    public void Fill(Rgb color)
    {
        for (var at = 0; at < Pixels.Length; at += 3)
            (Pixels[at], Pixels[at + 1], Pixels[at + 2]) = (color.R, color.G, color.B);
    }

    /// <summary>Blends a color into a pixel; <paramref name="coverage"/> is clamped to 0 … 1.</summary>
    public void Blend(int x, int y, Rgb color, float coverage)
    {
        if (coverage <= 0 || (uint)x >= (uint)Width || (uint)y >= (uint)Height)
            return;

        var at = 3 * ((y * Width) + x);
        var fraction = Math.Min(1, coverage);
        Pixels[at] = Mix(Pixels[at], color.R, fraction);
        Pixels[at + 1] = Mix(Pixels[at + 1], color.G, fraction);
        Pixels[at + 2] = Mix(Pixels[at + 2], color.B, fraction);
    }

    /// <summary>A filled rectangle with round corners and soft edges.</summary>
    public void FillRounded(int left, int top, int width, int height, float radius, Rgb color, float opacity = 1)
    {
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var overX = Math.Max(0, Math.Abs(x + 0.5f - (width / 2f)) - (width / 2f) + radius);
                var overY = Math.Max(0, Math.Abs(y + 0.5f - (height / 2f)) - (height / 2f) + radius);
                Blend(left + x, top + y, color, opacity * Math.Clamp(radius + 0.5f - MathF.Sqrt((overX * overX) + (overY * overY)), 0, 1));
            }
        }
    }

    private static byte Mix(byte under, byte over, float fraction) => (byte)(under + ((over - under) * fraction) + 0.5f);
}
