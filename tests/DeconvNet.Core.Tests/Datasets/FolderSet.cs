using DeconvNet.Imaging;
using DeconvNet.Tests.Support;
using SkiaSharp;

namespace DeconvNet.Tests.Datasets;

/// <summary>A folder of photos and masks in a temporary place.</summary>
internal sealed class FolderSet : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public FolderSet(string images = "images", string masks = "masks")
    {
        (Images, Masks) = (Path.Combine(Root, images), Path.Combine(Root, masks));
        Directory.CreateDirectory(Images);
        Directory.CreateDirectory(Masks);
    }

    public string Root => folder.Root;

    public string Images { get; }

    public string Masks { get; }

    /// <summary>A gray mask of 6×4 pixels with one number in columns 1 … 3 of row 1, and zeros elsewhere; and a photo.</summary>
    public FolderSet With(string id, byte value, string extension = ".jpg")
    {
        WithPhoto(id + extension);
        var numbers = new byte[6 * 4];
        numbers.AsSpan(7, 3).Fill(value);
        var mask = Path.Combine(Masks, id + ".png");
        Directory.CreateDirectory(Path.GetDirectoryName(mask)!);
        new LabelMap(6, 4, numbers).SavePng(mask);
        return this;
    }

    public FolderSet WithPhoto(string name, int width = 6, int height = 4)
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(SKColors.Orange);
        Encode(bitmap, Path.Combine(Images, name));
        return this;
    }

    /// <summary>A mask of 6×4 pixels in a color, with another one in columns 1 … 3 of row 1.</summary>
    public FolderSet WithColors(string name, Rgb around, Rgb inside)
    {
        using var bitmap = new SKBitmap(6, 4);
        bitmap.Erase(new SKColor(around.R, around.G, around.B));
        for (var x = 1; x <= 3; x++)
            bitmap.SetPixel(x, 1, new SKColor(inside.R, inside.G, inside.B));
        Encode(bitmap, Path.Combine(Masks, name));
        return this;
    }

    public FolderSet WithFile(string name, params string[] lines)
    {
        File.WriteAllLines(Path.Combine(Root, name), lines);
        return this;
    }

    public void Dispose() => folder.Dispose();

    private static void Encode(SKBitmap bitmap, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = File.Create(path);
        bitmap.Encode(file, Path.GetExtension(path) switch { ".jpg" => SKEncodedImageFormat.Jpeg, ".webp" => SKEncodedImageFormat.Webp, _ => SKEncodedImageFormat.Png }, 100);
    }
}
