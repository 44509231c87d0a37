using SkiaSharp;

namespace DeconvNet.Imaging.Png;

/// <summary>Encodes bitmaps as PNG.</summary>
internal static class BitmapPng
{
    /// <summary>The file in memory. Never to a stream: an exception of the stream would pass through Skia's native code and end the process.</summary>
    /// <exception cref="InvalidOperationException">There is not enough memory.</exception>
    public static byte[] Encode(SKBitmap bitmap)
    {
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100)
            ?? throw new InvalidOperationException($"A PNG of {bitmap.Width}×{bitmap.Height} pixels cannot be made: there is not enough memory.");
        return data.ToArray();
    }
}
