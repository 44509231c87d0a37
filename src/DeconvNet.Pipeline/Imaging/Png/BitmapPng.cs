using SkiaSharp;

namespace DeconvNet.Imaging.Png;

/// <summary>Encodes bitmaps as PNG.</summary>
internal static class BitmapPng
{
    /// <summary>Encodes to memory, never directly to a stream: an exception from the stream would propagate through Skia's native code and crash the process.</summary>
    /// <exception cref="InvalidOperationException">There is not enough memory.</exception>
    public static byte[] Encode(SKBitmap bitmap)
    {
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100)
            ?? throw new InvalidOperationException($"A PNG of {bitmap.Width}×{bitmap.Height} pixels cannot be made: there is not enough memory.");
        return data.ToArray();
    }
}
