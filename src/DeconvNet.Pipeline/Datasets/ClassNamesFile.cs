using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

/// <summary>A text file with one class name per line.</summary>
internal static class ClassNamesFile
{
    public static IReadOnlyList<string> Read(string path)
    {
        var names = new List<string>();
        foreach (var line in File.ReadLines(path))
        {
            var name = line.Trim() is "_background_" ? "background" : line.Trim();
            if (name.Length == 0 || name == "__ignore__")
                continue;
            if (names.Contains(name, StringComparer.Ordinal))
                throw new InvalidDataException($"{path} names the class '{name}' twice.");
            names.Add(name);
        }

        return names.Count is >= 1 and <= LabelMap.Void ? names : throw new InvalidDataException($"{path} names {names.Count} classes; expected 1 to {LabelMap.Void}, a name on each line.");
    }
}
