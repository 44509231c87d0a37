using System.Globalization;
using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

public sealed partial record ColorMap
{
    private const string Background = "background";
    private const int MaxLine = 1000;
    private static readonly string[] VoidNames = ["void", "ignore", "__ignore__", "unlabeled", "unlabelled"];

    /// <summary>
    /// Reads a color map, a class on each line: CVAT's <c>labelmap.txt</c> (<c>name:r,g,b:parts:actions</c>), <c>class_dict.csv</c> (<c>name,r,g,b</c>), or CamVid's
    /// <c>label_colors.txt</c> (<c>r g b name</c>). Empty lines, lines with <c>#</c> at the front, and a first line of headings are passed over.
    /// </summary>
    /// <remarks>
    /// The class "background" comes first, whatever its line, for class 0 is the background; the others keep their order. The names void, ignore, __ignore__,
    /// unlabeled and unlabelled mean void.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line cannot be read, or a color has two meanings; the message names file and line.</exception>
    public static ColorMap Load(string path)
    {
        using var stream = InputFile.Open(path, "a color map");
        using var text = new StreamReader(stream);
        var lines = new LineReader(text, path, MaxLine);
        var (background, classes) = (new List<ClassColor>(), new List<ClassColor>());
        var voids = new List<Rgb>();
        var meanings = new Dictionary<Rgb, int>();
        for (var isFirst = true; lines.TryRead(out var line);)
        {
            line = line.Trim();
            if (line.IsEmpty || line[0] == '#')
                continue;
            if (Parse(line.ToString()) is not var (name, color))
            {
                if (isFirst && line.IndexOfAnyInRange('0', '9') < 0)
                {
                    isFirst = false;
                    continue;
                }

                throw new InvalidDataException($"{path}, line {lines.Number}: '{line}' is no class with a color; expected name:r,g,b or name,r,g,b or r g b name, each of r, g, b 0 to 255.");
            }

            isFirst = false;
            if (!meanings.TryAdd(color, lines.Number))
                throw new InvalidDataException($"{path}, line {lines.Number}: the color {Text(color)} of '{name}' has a meaning already, on line {meanings[color]}.");
            if (VoidNames.Contains(name, StringComparer.OrdinalIgnoreCase))
                voids.Add(color);
            else if (IsBackground(name))
                background.Insert(0, new ClassColor(Background, color));
            else
                classes.Add(new ClassColor(name, color));
            if (background.Count + classes.Count > LabelMap.Void)
                throw new InvalidDataException($"{path}, line {lines.Number}: the {LabelMap.Void + 1}th class; a label map has room for {LabelMap.Void}.");
        }

        classes.InsertRange(0, background);
        return classes.Count > 0
            ? new ColorMap(classes, voids)
            : throw new InvalidDataException($"{path} names {classes.Count} classes; expected 1 to {LabelMap.Void}.");
    }

    private static bool IsBackground(string name) => name.Trim('_').Equals(Background, StringComparison.OrdinalIgnoreCase);

    private static (string Name, Rgb Color)? Parse(string line)
    {
        if (line.Split(':') is [var cvatName, var cvatColor, ..])
            return Class(cvatName, cvatColor.Split(','));
        if (line.Split(',') is [var csvName, var r, var g, var b, ..])
            return Class(csvName, [r, g, b]);
        return line.Split((char[]?)null, 4, StringSplitOptions.RemoveEmptyEntries) is [var red, var green, var blue, var name] ? Class(name, [red, green, blue]) : null;
    }

    private static (string Name, Rgb Color)? Class(string name, string[] values)
    {
        var bytes = values.Select(value => byte.TryParse(value.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (byte?)null).ToArray();
        return name.Trim() is { Length: > 0 } trimmed && bytes is [{ } r, { } g, { } b] ? (trimmed, new Rgb(r, g, b)) : null;
    }
}
