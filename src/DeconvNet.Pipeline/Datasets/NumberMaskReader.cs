using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

/// <summary>Reads masks that hold a number for each class.</summary>
internal sealed class NumberMaskReader : MaskReader
{
    private const int MasksLookedAt = 100;
    private const byte White = 255;
    private const int Unknown = -1;

    private readonly FolderDatasetOptions options;
    private readonly IReadOnlyList<string> classNames;
    private readonly Lazy<bool> isBlackAndWhite;
    private readonly Lazy<int[]> ids;

    /// <param name="options">Meaning of the numbers.</param>
    /// <param name="classNames">Class names by id.</param>
    /// <param name="masks">The masks, sampled to decide whether 255 is an object or void.</param>
    public NumberMaskReader(FolderDatasetOptions options, IReadOnlyList<string> classNames, IEnumerable<string> masks)
    {
        (this.options, this.classNames) = (options, classNames);
        isBlackAndWhite = new(() => classNames.Count == 2 && (options.ClassValues ?? options.VoidValues) is null && AreBlackAndWhite(masks.Take(MasksLookedAt)));
        ids = new(MakeIds);
    }

    public override LabelMap Read(string path)
    {
        var stored = ReadNumbers(path);
        var labels = new byte[stored.Pixels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            var id = ids.Value[stored.Pixels[i]];
            labels[i] = id == Unknown ? throw Fault(path, stored, i) : (byte)id;
        }

        return new LabelMap(stored.Width, stored.Height, labels);
    }

    private static bool AreBlackAndWhite(IEnumerable<string> masks)
    {
        var hasWhite = false;
        foreach (var path in masks)
        {
            var numbers = ReadNumbers(path);
            if (numbers.Pixels.Contains((byte)1))
                return false;
            hasWhite |= numbers.Pixels.Contains(White);
        }

        return hasWhite;
    }

    private int[] MakeIds()
    {
        var table = new int[256];
        table.AsSpan().Fill(options.UnknownIsVoid ? LabelMap.Void : Unknown);
        var values = options.ClassValues ?? [.. Enumerable.Range(0, classNames.Count).Select(id => (byte)id)];
        foreach (var value in options.VoidValues ?? [White])
            table[value] = LabelMap.Void;
        for (var id = 0; id < values.Count; id++)
            table[values[id]] = id;
        if (isBlackAndWhite.Value)
            (table[1], table[White]) = (Unknown, 1);
        return table;
    }

    private InvalidDataException Fault(string path, LabelMap stored, int pixel)
    {
        var value = stored.Pixels[pixel];
        var place = $"{path} holds {value} at column {pixel % stored.Width}, row {pixel / stored.Width}";
        if (isBlackAndWhite.Value && value == 1)
        {
            return new InvalidDataException(
                $"{place}. The set has two classes and the masks before hold 0 and 255, so that 255 was taken for '{classNames[1]}'; with 1 in it 255 could be void. Give VoidValues [255] for void, or ClassValues [0, 255] for '{classNames[1]}'.");
        }

        var known = options.ClassValues is { } values ? string.Join(", ", values) : isBlackAndWhite.Value ? "0 and 255" : $"0 … {classNames.Count - 1}";
        var missing = value == classNames.Count && options.ClassValues is null && classNames[0] != "background" ? " Is 'background' missing as the first class?" : "";
        return new InvalidDataException(
            $"{place}; the numbers of the {classNames.Count} classes are {known}. If masks store others, say which with ClassValues, VoidValues or UnknownIsVoid.{missing}{LossyHint(path)}");
    }
}
