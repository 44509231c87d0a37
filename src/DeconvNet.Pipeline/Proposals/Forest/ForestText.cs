using System.Globalization;
using System.IO.Compression;

namespace DeconvNet.Proposals.Forest;

/// <summary>
/// Parser for the file of a forest: the subset of YAML that OpenCV's FileStorage writes for it, a map <c>options</c> of integers and block
/// sequences of flow sequences of numbers. Time and memory are bounded by the length of the file, compressed or not.
/// </summary>
internal sealed class ForestText
{
    private const int MaxBytes = 1 << 28;
    private const int MaxLineLength = 1 << 16;

    // Lists of numbers compress to about a tenth; the well-known forest has about 40 million characters.
    private const long MaxCharactersPerByte = 64;
    private const long FreeCharacters = 1 << 20;
    private static readonly System.Buffers.SearchValues<char> Separators = System.Buffers.SearchValues.Create(" ,[]\t");

    private readonly string name;
    private readonly Dictionary<string, int> options = [];
    private readonly Dictionary<string, List<float>> reals = [];
    private readonly Dictionary<string, List<int>> integers = [];
    private readonly LineReader lines;
    private readonly long maxCharacters;
    private int depth;

    private ForestText(TextReader reader, string name, long maxCharacters)
    {
        this.name = name;
        this.maxCharacters = maxCharacters;
        lines = new LineReader(reader, name, MaxLineLength);
    }

    public int Option(string key) => options.TryGetValue(key, out var value) ? value : throw new InvalidDataException($"{name}: the option {key} is missing.");

    public int[] Integers(string list) => integers.TryGetValue(list, out var values) ? [.. values] : throw new InvalidDataException($"{name}: the list {list} is missing.");

    public float[] Reals(string list) => reals.TryGetValue(list, out var values) ? [.. values] : throw new InvalidDataException($"{name}: the list {list} is missing.");

    /// <exception cref="InvalidDataException">The text is not the file of a forest.</exception>
    public static ForestText Read(Stream stream, string name, IReadOnlyCollection<string> lists)
    {
        var bytes = InputFile.ReadAll(stream, name, MaxBytes);
        var isGzip = bytes.Span is [0x1F, ..];
        using var packed = new MemoryStream(bytes.ToArray());
        using var plain = isGzip ? new GZipStream(packed, CompressionMode.Decompress) : (Stream)packed;
        var text = new ForestText(new StreamReader(plain), name, FreeCharacters + (MaxCharactersPerByte * bytes.Length));
        try
        {
            text.Parse(lists);
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException && !fault.Message.StartsWith(name, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{name} is damaged: {fault.Message}", fault);
        }

        return text;
    }

    private void Parse(IReadOnlyCollection<string> lists)
    {
        var section = "";
        var characters = 0L;
        while (lines.TryRead(out var text))
        {
            var line = text.TrimEnd(' ');
            if ((characters += text.Length + 1) > maxCharacters)
                throw Fault($"expected at most {maxCharacters} characters in a file of this length");
            if (lines.Number == 1)
            {
                if (!line.StartsWith("%YAML"))
                    throw Fault("expected a first line %YAML:1.0");
                continue;
            }

            if (line.IsEmpty || line is "---" or "...")
                continue;
            if (line[0] is not (' ' or '-' or '\t'))
                section = Begin(line, lists);
            else if (section == "options")
                ReadOption(line.Trim());
            else if (section.Length > 0)
                ReadNumbers(line, section);
            else
                throw Fault("expected a name that ends with a colon");
        }

        if (lines.Number == 0 || depth != 0)
            throw Fault("the text ends too early");
    }

    private string Begin(ReadOnlySpan<char> line, IReadOnlyCollection<string> lists)
    {
        if (depth != 0 || line[^1] != ':')
            throw Fault(depth != 0 ? "the list before has no end" : "expected a name that ends with a colon");

        var section = line[..^1].ToString();
        if (section == "options")
            return section;
        if (!lists.Contains(section))
            throw Fault($"'{Shortened(section)}' is not expected; expected options, {string.Join(", ", lists)}");
        if (!(section == "thresholds" ? reals.TryAdd(section, []) : integers.TryAdd(section, [])))
            throw Fault($"{section} is there twice");
        return section;
    }

    private void ReadOption(ReadOnlySpan<char> line)
    {
        var colon = line.IndexOf(':');
        if (colon < 1 || !int.TryParse(line[(colon + 1)..].Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            throw Fault($"'{Shortened(line)}' is not an option; expected a name, a colon and a whole number");
        if (!options.TryAdd(line[..colon].ToString(), value))
            throw Fault($"the option {Shortened(line[..colon])} is there twice");
        if (options.Count > 64)
            throw Fault("more than 64 options");
    }

    private void ReadNumbers(ReadOnlySpan<char> line, string section)
    {
        while (!line.IsEmpty)
        {
            if (Separators.Contains(line[0]))
            {
                depth += line[0] == '[' ? 1 : line[0] == ']' ? -1 : 0;
                if (depth is < 0 or > 1)
                    throw Fault("a bracket has no partner");
                line = line[1..];
                continue;
            }

            var end = line.IndexOfAny(Separators);
            var token = end < 0 ? line : line[..end];
            line = line[token.Length..];
            if (depth == 0 && token is "-")
                continue;
            if (depth == 0 || !Add(section, token))
                throw Fault($"'{Shortened(token)}' is not a number of {section}; expected - [ numbers ]");
        }
    }

    private bool Add(string section, ReadOnlySpan<char> token)
    {
        if (section == "thresholds")
        {
            var isReal = float.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out var real);
            reals[section].Add(real);
            return isReal;
        }

        var isWhole = int.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole);
        integers[section].Add(whole);
        return isWhole;
    }

    private InvalidDataException Fault(string what) => new($"{name}, line {lines.Number}: {what}.");

    private static string Shortened(ReadOnlySpan<char> text) => text.Length <= 40 ? text.ToString() : $"{text[..40]}…";
}
