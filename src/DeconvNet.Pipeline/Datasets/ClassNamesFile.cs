using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

/// <summary>A text file with a class name on each line.</summary>
internal static class ClassNamesFile
{
    private const int MaxLine = 1000;

    public static IReadOnlyList<string> Read(string path)
    {
        var names = new List<string>();
        foreach (var line in LineReader.TrimmedLines(path, "class names", MaxLine))
        {
            var name = line is "_background_" ? "background" : line;
            if (name.Length == 0 || name == "__ignore__")
                continue;
            if (names.Contains(name, StringComparer.Ordinal))
                throw new InvalidDataException($"{path} names the class '{name}' twice.");
            names.Add(name);
            if (names.Count > LabelMap.Void)
                throw Wrong($"more than {LabelMap.Void}");
        }

        return names.Count > 0 ? names : throw Wrong("no");

        InvalidDataException Wrong(string count) => new($"{path} names {count} classes; expected 1 to {LabelMap.Void}, a name on each line.");
    }
}
