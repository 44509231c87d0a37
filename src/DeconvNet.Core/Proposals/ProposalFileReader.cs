using System.Globalization;
using DeconvNet.Imaging;

namespace DeconvNet.Proposals;

/// <summary>Parses the text of a <see cref="ProposalFile"/> and knows at which line it is.</summary>
internal sealed class ProposalFileReader(TextReader reader, string path)
{
    // A hostile count must not reserve memory before its lines were seen.
    private const int MostReserved = 10_000;

    private int line;

    public Dictionary<string, IReadOnlyList<Proposal>> Read()
    {
        if (NextLine() != ProposalFile.Header)
            throw Malformed($"a file of proposals starts with '{ProposalFile.Header}'");

        var images = new Dictionary<string, IReadOnlyList<Proposal>>();
        while (NextLine() is { } text)
        {
            var parts = text.Split(' ', 3);
            if (parts.Length != 3 || parts[0] != ProposalFile.ImageKeyword || parts[2].Length == 0
                || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                throw Malformed($"expected '{ProposalFile.ImageKeyword} <count> <id>', got '{Start(text)}'");

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
        if (proposal.Box.IsEmpty || !float.IsFinite(score))
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
