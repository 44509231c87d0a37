using System.Globalization;
using System.Text;
using DeconvNet.Imaging;

namespace DeconvNet.Proposals.Files;

/// <summary>The text form of a <see cref="ProposalFile"/>. An instance reads, and knows at which line it is.</summary>
internal sealed class ProposalText(TextReader reader, string path)
{
    private const string Header = "proposals 1";
    private const string ImageKeyword = "image";

    // A hostile count must not reserve memory before its lines were seen.
    private const int MostReserved = 10_000;

    private int line;

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
        if (NextLine() != Header)
            throw Malformed($"a file of proposals starts with '{Header}' (text), '{{' (JSON) or 'MATLAB 5.0'");

        var images = new Dictionary<string, IReadOnlyList<Proposal>>();
        while (NextLine() is { } text)
        {
            var parts = text.Split(' ', 3);
            if (parts.Length != 3 || parts[0] != ImageKeyword || parts[2].Length == 0
                || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                throw Malformed($"expected '{ImageKeyword} <count> <id>', got '{Start(text)}'");

            var proposals = new List<Proposal>(Math.Min(count, MostReserved));
            for (var i = 0; i < count; i++)
                proposals.Add(Parse(NextLine() ?? throw Malformed($"the file ends after {i} of {count} proposals of '{parts[2]}'")));
            if (!images.TryAdd(parts[2], proposals))
                throw Malformed($"the image '{parts[2]}' occurs twice");
        }

        return images;
    }

    private string? NextLine()
    {
        line++;
        return reader.ReadLine();
    }

    private Proposal Parse(string text)
    {
        var rest = text.AsSpan();
        if (!TryTake(ref rest, out var x0) || !TryTake(ref rest, out var y0) || !TryTake(ref rest, out var x1) || !TryTake(ref rest, out var y1)
            || !float.TryParse(rest, NumberStyles.Float & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var score))
            throw Malformed($"expected 'x0 y0 x1 y1 score', got '{Start(text)}'");

        var proposal = new Proposal(new PixelBox(x0, y0, x1, y1), score);
        if (!ProposalFile.IsSound(proposal))
            throw Malformed($"expected a box with pixels and a finite score, got '{Start(text)}'");
        return proposal;
    }

    private static bool TryTake(ref ReadOnlySpan<char> rest, out int value)
    {
        var blank = rest.IndexOf(' ');
        var number = rest[..Math.Max(0, blank)];
        rest = rest[(blank + 1)..];
        return int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    private static string Start(string text) => text.Length <= 60 ? text : text[..60] + "…";

    private InvalidDataException Malformed(string what) => new($"'{path}', line {line}: {what}.");
}
