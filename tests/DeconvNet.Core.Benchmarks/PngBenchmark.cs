using DeconvNet.Imaging;
using SkiaSharp;

namespace DeconvNet.Benchmarks;

/// <summary>Our palette PNGs compared with SkiaSharp's of the same bytes, which are gray, since SkiaSharp does not write palettes.</summary>
internal static class PngBenchmark
{
    private const int Width = 500;
    private const int Height = 375;

    public static void Run(TimeSpan duration)
    {
        var folder = Directory.CreateTempSubdirectory("deconvnet-benchmark-");
        try
        {
            Run(duration, Path.Combine(folder.FullName, "ours.png"), Path.Combine(folder.FullName, "skia.png"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Run(TimeSpan duration, string ours, string theirs)
    {
        var map = Scene();
        using var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Gray8, SKAlphaType.Opaque));
        map.Pixels.CopyTo(bitmap.GetPixelSpan());

        Comparison.Run($"png, write: {Width}×{Height} labels to a file", duration, new("SkiaSharp", () => Encode(bitmap, theirs)), new("LabelMap.SavePng", () => map.SavePng(ours)));
        Comparison.Run($"png, read: {Width}×{Height} labels of a file", duration, new("SkiaSharp", () => SKBitmap.Decode(theirs).Dispose()), new("LabelMap.Load", () => LabelMap.Load(ours)));
        Console.WriteLine($"  bytes: SkiaSharp {new FileInfo(theirs).Length}, ours {new FileInfo(ours).Length}, of which the palette takes 768");
    }

    private static void Encode(SKBitmap bitmap, string path)
    {
        using var file = File.Create(path);
        bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
    }

    /// <summary>Discs with an outline that is not counted: runs of labels as annotators draw them.</summary>
    private static LabelMap Scene()
    {
        (int X, int Y, int Radius, byte Class)[] discs = [(150, 180, 110, 8), (330, 240, 90, 15), (410, 90, 55, 12)];
        var labels = new byte[Width * Height];
        foreach (var (centerX, centerY, radius, label) in discs)
        {
            for (var i = 0; i < labels.Length; i++)
            {
                var (x, y) = (i % Width, i / Width);
                var distance = double.Hypot(x - centerX, y - centerY) + (6 * Math.Sin(Math.Atan2(y - centerY, x - centerX) * 9));
                if (distance < radius + 3)
                    labels[i] = distance < radius - 3 ? label : LabelMap.Void;
            }
        }

        return new LabelMap(Width, Height, labels);
    }
}
