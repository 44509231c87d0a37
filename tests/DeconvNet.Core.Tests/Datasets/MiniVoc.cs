using DeconvNet.Imaging;
using DeconvNet.Tests.Support;
using SkiaSharp;

namespace DeconvNet.Tests.Datasets;

/// <summary>A VOC folder of a few drawn images in a temporary place.</summary>
internal sealed class MiniVoc : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public MiniVoc(string below = "")
    {
        Root = Path.GetFullPath(Path.Combine(folder.Root, below));
        foreach (var name in (string[])["JPEGImages", "SegmentationClass", "SegmentationObject", "Annotations", Path.Combine("ImageSets", "Segmentation")])
            Directory.CreateDirectory(Path.Combine(Root, name));
    }

    public string Given => folder.Root;

    public string Root { get; }

    public string Image(string id) => Path.Combine(Root, "JPEGImages", id + ".jpg");

    public string Mask(string id) => Path.Combine(Root, "SegmentationClass", id + ".png");

    public string InstanceMask(string id) => Path.Combine(Root, "SegmentationObject", id + ".png");

    public string Annotation(string id) => Path.Combine(Root, "Annotations", id + ".xml");

    /// <summary>A red cat (class 8) in columns 2 … 7, rows 1 … 4 of a 16×12 photo, with an outline of 255 to its right.</summary>
    public MiniVoc WithCat(string id, int width = 16, int height = 12)
    {
        WriteJpeg(Image(id), width, height);
        var labels = new byte[width * height];
        for (var y = 1; y < 5; y++)
        {
            labels.AsSpan((y * width) + 2, 6).Fill(8);
            labels[(y * width) + 8] = LabelMap.Void;
        }

        new LabelMap(width, height, labels).SavePng(Mask(id));
        File.WriteAllText(Annotation(id), $"""
            <annotation>
              <size><width>{width}</width><height>{height}</height><depth>3</depth></size>
              <object><name>cat</name><bndbox><xmin>3</xmin><ymin>2</ymin><xmax>8</xmax><ymax>5</ymax></bndbox></object>
            </annotation>
            """);
        return this;
    }

    public MiniVoc WithSet(string name, params string[] lines)
    {
        File.WriteAllLines(Path.Combine(Root, "ImageSets", "Segmentation", name + ".txt"), lines);
        return this;
    }

    public static void WriteJpeg(string path, int width, int height)
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(SKColors.Red);
        using var file = File.Create(path);
        bitmap.Encode(file, SKEncodedImageFormat.Jpeg, 90);
    }

    public void Dispose() => folder.Dispose();
}
