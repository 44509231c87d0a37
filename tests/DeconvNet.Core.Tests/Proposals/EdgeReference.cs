using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using DeconvNet.Imaging;
using DeconvNet.Proposals;
using DeconvNet.Proposals.Edges;
using DeconvNet.Proposals.Search;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Proposals;

/// <summary>The output of OpenCV 4.6 for four photos: parts are in the repository, the rest in the shared data.</summary>
internal static class EdgeReference
{
    public static string[] Photos { get; } = ["rocket", "chelsea", "coffee", "astronaut"];

    public static string[] Settings { get; } =
        ["default", "beta50", "eta9996_beta90", "eta995", "alpha75", "max50", "area300", "aspect6", "groups"];

    /// <summary>The photo's stored bytes: OpenCV saw them without their color profile.</summary>
    public static RgbImage Photo(string name)
    {
        var png = Bytes($"{name}.png");
        const int signature = 8, aroundChunk = 12;
        using var plain = new MemoryStream();
        plain.Write(png, 0, signature);
        for (int at = signature, length; at < png.Length; at += length)
        {
            length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at)) + aroundChunk;
            if (!png.AsSpan(at + 4, 4).SequenceEqual("iCCP"u8))
                plain.Write(png, at, length);
        }

        return RgbImage.Decode(plain.ToArray());
    }

    public static EdgeMap Map(string name)
    {
        var array = Npy.Parse<float>(Bytes($"{name}.npy"));
        return new EdgeMap(array.Shape[1], array.Shape[0], array.Values);
    }

    public static Npy<int> Labels(string name) => Npy.Parse<int>(Bytes($"{name}.npy"));

    public static string[] Lines(string name)
        => Encoding.ASCII.GetString(Bytes(name)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Boxes of OpenCV's raw output as half-open ones.</summary>
    public static Proposal[] Boxes(string name) => [.. Lines($"{name}.boxes.txt").Select(line =>
    {
        var numbers = line.Split(' ').Select(number => float.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        var (x, y, width, height) = ((int)numbers[0], (int)numbers[1], (int)numbers[2], (int)numbers[3]);
        return new Proposal(new PixelBox(x - 1, y - 1, x + width, y + height), numbers[4]);
    })];

    public static EdgeBoxesOptions Options(string setting)
    {
        using var json = JsonDocument.Parse(Bytes("settings.json"));
        var options = new EdgeBoxesOptions();
        foreach (var parameter in json.RootElement.GetProperty("settings").GetProperty(setting).EnumerateObject())
        {
            var value = parameter.Value.GetSingle();
            options = parameter.Name switch
            {
                "alpha" => options with { Alpha = value },
                "beta" => options with { Beta = value },
                "eta" => options with { Eta = value },
                "minScore" => options with { MinScore = value },
                "maxBoxes" => options with { MaxBoxes = (int)value },
                "edgeMinMag" => options with { EdgeMinMagnitude = value },
                "edgeMergeThr" => options with { EdgeMergeThreshold = value },
                "clusterMinMag" => options with { ClusterMinMagnitude = value },
                "maxAspectRatio" => options with { MaxAspectRatio = value },
                "minBoxArea" => options with { MinBoxArea = value },
                "gamma" => options with { Gamma = value },
                "kappa" => options with { Kappa = value },
                _ => throw new InvalidDataException($"settings.json has an unknown parameter {parameter.Name}."),
            };
        }

        return options;
    }

    /// <summary>A count of an intermediate stage, such as <c>groups</c>.</summary>
    public static int Stage(string photo, string setting, string count)
    {
        using var json = JsonDocument.Parse(Bytes("settings.json"));
        return json.RootElement.GetProperty("stages").GetProperty($"{photo}.{setting}").GetProperty(count).GetInt32();
    }

    public static byte[] Bytes(string name)
    {
        var local = Path.Combine(AppContext.BaseDirectory, "Reference", "edgeboxes", name);
        if (File.Exists(local))
            return File.ReadAllBytes(local);
        if (!File.Exists(local + ".gz"))
            return File.ReadAllBytes(SharedData.Path("reference", "edgeboxes", name));

        using var packed = new GZipStream(File.OpenRead(local + ".gz"), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        packed.CopyTo(bytes);
        return bytes.ToArray();
    }
}
