using System.Globalization;
using System.Text;
using DeconvNet.Imaging;

namespace DeconvNet.Proposals.Files;

/// <summary>The text format of a <see cref="ProposalFile"/>. Instances are readers.</summary>
internal sealed class ProposalText(TextReader reader, string path)
{
    private const string Header = "proposals 1";
    private const string ImageKeyword = "image";
    private const int MaxLineLength = 1 << 16;

    // A malicious count must not reserve memory before its lines have been read.
    private const int MaxReserved = 10_000;

    private readonly LineReader lines = new(reader, $"'{path}'", MaxLineLength);

    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, IReadOnlyList<Proposal>>> images)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(Header);
        foreach (var (id, list) in images)
        {
            writer.WriteLine(FormattableString.Invariant($"{ImageKeyword} {list.Count} {id}"));
            foreach (var (box, score) in list)
                writer.WriteLine(FormattableString.Invariant($"{box.X0} {box.Y0} {box.X1} {box.Y1} {score}"));
        }
    }

    public Dictionary<string, IReadOnlyList<Proposal>> Read()
    {
        if (!TryNext(out var text) || !text.SequenceEqual(Header))
            throw Malformed(Math.Max(1, lines.Number), $"a file of proposals starts with '{Header}' (text), '{{' (JSON) or 'MATLAB 5.0'");

        var images = new Dictionary<string, IReadOnlyList<Proposal>>();
        while (TryNext(out text))
        {
            var line = lines.Number;
            var parts = text.ToString().Split(' ', 3);
            if (parts.Length != 3 || parts[0] != ImageKeyword || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                throw Malformed(line, $"expected '{ImageKeyword} <count> <id>', got '{Start(text)}'");

            var proposals = new List<Proposal>(Math.Min(count, MaxReserved));
            for (var i = 0; i < count; i++)
            {
                proposals.Add(TryNext(out var values)
                    ? Parse(values)
                    : throw Malformed(lines.Number + 1, $"the file ends after {i} of {count} proposals of '{parts[2]}'"));
            }

            if (!images.TryAdd(parts[2], proposals))
                throw Malformed(line, $"the image '{parts[2]}' occurs twice");
        }

        return images;
    }

    /// <summary>The next non-blank line, without trailing spaces.</summary>
    private bool TryNext(out ReadOnlySpan<char> text)
    {
        while (lines.TryRead(out text))
        {
            text = text.TrimEnd();
            if (!text.IsEmpty)
                return true;
        }

        return false;
    }

    private Proposal Parse(ReadOnlySpan<char> text)
    {
        var rest = text;
        if (!TryTake(ref rest, out var x0) || !TryTake(ref rest, out var y0) || !TryTake(ref rest, out var x1) || !TryTake(ref rest, out var y1)
            || !float.TryParse(rest, NumberStyles.Float & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var score))
            throw Malformed(lines.Number, $"expected 'x0 y0 x1 y1 score', got '{Start(text)}'");

        var proposal = new Proposal(new PixelBox(x0, y0, x1, y1), score);
        return ProposalFile.IsSound(proposal)
            ? proposal
            : throw Malformed(lines.Number, $"expected a box with pixels and a finite score, got '{Start(text)}'");
    }

    private static bool TryTake(ref ReadOnlySpan<char> rest, out int value)
    {
        var blank = rest.IndexOf(' ');
        var number = rest[..Math.Max(0, blank)];
        rest = rest[(blank + 1)..];
        if (int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
            return true;

        // Some programs write integers as 1.0.
        var isWhole = double.TryParse(number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var real)
            && real >= int.MinValue && real <= int.MaxValue && Math.Floor(real) == real;
        value = isWhole ? (int)real : 0;
        return isWhole;
    }

    private static string Start(ReadOnlySpan<char> text) => text.Length <= 60 ? text.ToString() : $"{text[..60]}…";

    private InvalidDataException Malformed(int line, string what) => new($"'{path}', line {line}: {what}.");
}
