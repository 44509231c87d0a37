using DeconvNet.Weights.Formats;

namespace DeconvNet.Tests.Weights;

/// <summary>Reference files of other programs, and whole reads of files.</summary>
internal static class WeightsFiles
{
    public static string Reference(string folder, string name) => Path.Combine(AppContext.BaseDirectory, "Reference", folder, name);

    /// <summary>Value i of a tensor of the generator script.</summary>
    public static float[] Pattern(int count, int salt) => [.. Enumerable.Range(0, count).Select(i => ((((7 * i) + (13 * salt)) % 101) - 50) / 64f)];

    public static float[] Values(this WeightsFile file, string name)
    {
        var tensor = file.Find(name) ?? throw new InvalidOperationException($"There is no tensor '{name}'.");
        var values = new float[tensor.Count];
        file.Read(tensor, values);
        return values;
    }

    /// <summary>Opens a file and reads all of it; tensors of impossible size would be an error of the reader.</summary>
    public static void ReadWhole(byte[] bytes)
    {
        using var file = WeightsFile.Open(new MemoryStream(bytes), "crafted");
        foreach (var tensor in file.Tensors)
        {
            if (tensor.IsReadable)
                Assert.InRange(tensor.Count, 0, 1 << 24);
            file.Read(tensor, new float[tensor.IsReadable ? tensor.Count : 0]);
        }
    }
}
