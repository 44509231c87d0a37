using System.IO.Compression;
using System.Text;
using DeconvNet.Architecture;
using DeconvNet.Datasets;
using DeconvNet.Evaluation;
using DeconvNet.Evaluation.Metrics;
using DeconvNet.Imaging;
using DeconvNet.Proposals;
using DeconvNet.Proposals.Files;
using DeconvNet.Proposals.Forest;
using DeconvNet.Proposals.Ranking;
using DeconvNet.Tests.Datasets;
using DeconvNet.Tests.Support;
using DeconvNet.Tests.Weights;
using DeconvNet.Training.Logging;
using DeconvNet.Weights;
using SkiaSharp;

namespace DeconvNet.Tests.Fuzz;

/// <summary>One reader of files from elsewhere, with sound content to damage.</summary>
/// <param name="Name">The content's name; its ending tells the kind.</param>
/// <param name="Sound">What is damaged.</param>
/// <param name="Pack">What is done after the damage, so that it gets past checksums and compression.</param>
/// <param name="Read">The reader: content, and a file that it may be written to.</param>
internal sealed record FuzzReader(string Name, byte[] Sound, Func<byte[], byte[]> Pack, Action<byte[], string> Read)
{
    /// <summary>All readers of the library.</summary>
    public static IReadOnlyList<FuzzReader> All() => [.. Images(), .. DataSets(), .. Proposals(), .. WeightsOfFiles()];

    private static IEnumerable<FuzzReader> Images()
    {
        var photo = Picture();
        foreach (var (ending, format) in new[] { ("png", SKEncodedImageFormat.Png), ("jpg", SKEncodedImageFormat.Jpeg), ("webp", SKEncodedImageFormat.Webp) })
        {
            using var bitmap = photo.ToBitmap();
            using var encoded = bitmap.Encode(format, 80);
            yield return Of("photo." + ending, encoded.ToArray(), (bytes, _) => RgbImage.Decode(bytes));
        }

        yield return Of("photo.bmp", Bmp(), (bytes, _) => RgbImage.Decode(bytes));

        using var folder = new TemporaryFolder();
        new LabelMap(photo.Width, photo.Height, [.. Enumerable.Range(0, photo.Width * photo.Height).Select(i => (byte)(i / 7 % 21))]).SavePng(folder["mask.png"]);
        var mask = File.ReadAllBytes(folder["mask.png"]);
        yield return Of("mask.png", mask, (bytes, _) => LabelMap.Decode(bytes));
        yield return Of("mask-checksums-right.png", mask, (bytes, _) => LabelMap.Decode(bytes)) with { Pack = PngChecksums.Corrected };
    }

    private static IEnumerable<FuzzReader> DataSets()
    {
        const string Annotation = """
            <annotation><filename>2007_000032.jpg</filename><size><width>500</width><height>281</height><depth>3</depth></size><segmented>1</segmented>
            <object><name>aeroplane</name><pose>Frontal</pose><truncated>0</truncated><difficult>1</difficult><bndbox><xmin>104</xmin><ymin>78</ymin><xmax>375</xmax><ymax>183</ymax></bndbox></object>
            <object><name>person</name><bndbox><xmax>197.5</xmax><xmin>133</xmin><ymin>88</ymin><ymax>123</ymax></bndbox><part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></part></object></annotation>
            """;
        yield return OfText("annotation.xml", Annotation, path => VocAnnotation.Load(path));
        yield return OfText(
            "loss.csv", "stage,iteration,loss,pixel_accuracy,learning_rate,images_per_second,mean_iou\n1,20,2.5,0.25,0.01,12.5,\n1,40,2.25,0.5,0.01,12.75,0.5\n2,20,NaN,0.5,0.001,3,\n", path => LossLog.Read(path));
        var matrix = new ConfusionMatrix(3);
        matrix.Add([0, 1, 2, 2], [0, 1, 1, 2]);
        yield return Of("matrix.json", Encoding.UTF8.GetBytes(matrix.ToJson()), (bytes, _) => ConfusionMatrix.FromJson(Encoding.UTF8.GetString(bytes)));
        yield return OfText("score.json", """{"id":"a","milliseconds":12.5,"counts":[[0,0,100],[1,2,7],[2,2,50]]}""", path => ImageScore.Load(path, "a", classes: 3));
        yield return OfText("method.json", """{"Name":"method","Description":"a network","ClassNames":["background","cat","dog"]}""", path => MethodCard.Load(path));
        yield return OfText("labelmap.txt", "# label:color_rgb:parts:actions\nbackground:0,0,0::\ncat:64,0,0::\nvoid:255,255,255::\n", path => ColorMap.Load(path));
        yield return OfText("classes.txt", "_background_\ncat\ndog\n__ignore__\n", path => ClassNamesFile.Read(path));
        yield return OfText("coco.json", CocoDatasetTests.Sound, path =>
        {
            var coco = new CocoDataset(path, Path.GetDirectoryName(path)!);
            for (var i = 0; i < coco.Count && coco.HasLabels; i++)
                _ = (coco.LoadLabels(i), coco.LoadInstances(i), coco.LoadObjects(i));
        });
    }

    private static IEnumerable<FuzzReader> Proposals()
    {
        using var folder = new TemporaryFolder();
        KeyValuePair<string, IReadOnlyList<Proposal>>[] images = [new("a", [new(new PixelBox(-1, 2, 30, 40), 0.5f), new(new PixelBox(0, 0, 50, 40), 0.1f)]), new("b", [])];
        foreach (var name in new[] { "boxes.txt", "boxes.json" })
        {
            ProposalFile.Save(folder[name], images);
            yield return OfFile(name, File.ReadAllBytes(folder[name]), path => ProposalFile.Load(path, _ => new ImageSize(50, 40)));
        }

        foreach (var name in new[] { "plain.mat", "several.mat", "several_compressed.mat", "big_endian.mat", "int16.mat" })
            yield return OfFile(name, Reference("proposals", name), path => ProposalFile.Load(path, _ => new ImageSize(50, 40)));

        var forest = Reference("edgeboxes", "sed_synthetic_forest.yml.gz");
        yield return Of("forest.yml.gz", forest, (bytes, _) => StructuredForest.Load(new MemoryStream(bytes)));
        yield return Of("forest.yml", Unzipped(forest), (bytes, _) => StructuredForest.Load(new MemoryStream(bytes))) with { Pack = Zipped };

        using var ranker = typeof(ProposalRanker).Assembly.GetManifestResourceStream(typeof(ProposalRanker).Assembly.GetManifestResourceNames().Single(name => name.EndsWith("ranker.bin", StringComparison.Ordinal)))!;
        using var copy = new MemoryStream();
        ranker.CopyTo(copy);
        yield return OfFile("ranker.bin", copy.ToArray(), path => ProposalRanker.Load(path));
    }

    private static IEnumerable<FuzzReader> WeightsOfFiles()
    {
        var rows = LayerTable.Create(new() { Width = 1, FcChannels = 1, InputSize = 32 }).Take(3).ToArray();
        var contents = new (string Name, byte[] Sound)[]
        {
            ("layouts.pt", Reference("pytorch", "layouts.pt")),
            ("layouts_protocol5.pt", Reference("pytorch", "layouts_protocol5.pt")),
            ("layouts_legacy.pt", Reference("pytorch", "layouts_legacy.pt")),
            ("whole_model.pt", Reference("pytorch", "whole_model.pt")),
            ("types.npz", Reference("numpy", "types.npz")),
            ("fortran.npy", Reference("numpy", "fortran.npy")),
            ("object.npy", Reference("numpy", "object.npy")),
            ("x.safetensors", SafetensorsBytes.Make("""{"__metadata__":{"a":"b"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[24,28]}}""", 28)),
            ("x.caffemodel", VggBytes.Caffemodel(rows)),
            ("norm.caffemodel", CaffeNormBytes.Net(rows, slot => new float[slot.Row.OutChannels])),
        };
        foreach (var (name, sound) in contents)
        {
            yield return Of(name, sound, ReadWeights);
            if (name.EndsWith(".npz", StringComparison.Ordinal) || name is "layouts.pt" or "layouts_protocol5.pt" or "whole_model.pt")
                yield return new("inside-" + name, sound, bytes => bytes, ReadWeights) { Entries = ZipBytes.Read(sound) };
        }

        static void ReadWeights(byte[] bytes, string path)
        {
            WeightsContents.Read(new MemoryStream(bytes), "crafted");
            WeightsFiles.ReadWhole(bytes);
        }
    }

    /// <summary>Parts of an archive, one of which is damaged each time; <see langword="null"/> where the whole is.</summary>
    public (string Name, byte[] Content)[]? Entries { get; init; }

    /// <summary>A damaged file, the same for the same random numbers.</summary>
    public byte[] Damaged(Random random)
    {
        if (Entries is null)
            return Pack(Damage.Of(Sound, random));

        var entries = Entries.ToArray();
        var at = random.Next(entries.Length);
        entries[at].Content = entries[at].Content.Length == 0 ? [0] : Damage.Of(entries[at].Content, random);
        return ZipBytes.Stored(entries);
    }

    private static FuzzReader Of(string name, byte[] sound, Action<byte[], string> read) => new(name, sound, bytes => bytes, read);

    private static FuzzReader OfFile(string name, byte[] sound, Action<string> read) => Of(name, sound, (bytes, path) =>
    {
        File.WriteAllBytes(path, bytes);
        read(path);
    });

    private static FuzzReader OfText(string name, string sound, Action<string> read) => OfFile(name, Encoding.UTF8.GetBytes(sound), read);

    private static byte[] Reference(string folder, string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Reference", folder, name));

    private static RgbImage Picture()
    {
        using var bitmap = new SKBitmap(23, 17, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (var y = 0; y < bitmap.Height; y++)
        {
            for (var x = 0; x < bitmap.Width; x++)
                bitmap.SetPixel(x, y, new SKColor((byte)(x * 11), (byte)(y * 15), (byte)(x * y)));
        }

        return RgbImage.FromBitmap(bitmap);
    }

    // 4×2 pixels of 24 bits.
    private static byte[] Bmp() =>
        [.. Convert.FromHexString("424D4E000000000000003600000028000000040000000200000001001800000000001800000000000000000000000000000000000000"), .. Enumerable.Range(0, 24).Select(i => (byte)(i * 10))];

    private static byte[] Zipped(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest))
            zip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Unzipped(byte[] bytes)
    {
        using var zip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        zip.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
