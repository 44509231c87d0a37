using System.Text;
using DeconvNet.Imaging;

namespace DeconvNet.Proposals;

/// <summary>
/// Proposals of many images as one text file (UTF-8):
/// <code>
/// proposals 1
/// image 2 2007_000032
/// 10 20 110 220 0.25
/// 0 0 500 375 0.125
/// image 0 2007_000033
/// </code>
/// The first line names the format and its version. A line <c>image count id</c> (the id runs to the end of the line) is followed by
/// <c>count</c> lines <c>x0 y0 x1 y1 score</c>: pixels counted from 0, half-open, best first; the score survives the round trip bit for bit.
/// </summary>
public static class ProposalFile
{
    internal const string Header = "proposals 1";
    internal const string ImageKeyword = "image";

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The proposals by image id, in the order of the file.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line is malformed, an id occurs twice or the file is cut short; the message names file and line.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<Proposal>> Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var reader = new StreamReader(path, Encoding.UTF8);
        return new ProposalFileReader(reader, path).Read();
    }

    /// <summary>Writes a file; an existing one is replaced as a whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="proposals">The proposals by image id. They may be made while they are written.</param>
    /// <exception cref="ArgumentException">An id is empty, occurs twice or has a line break or outer blanks, a box is empty or a score is NaN or infinite.</exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, IReadOnlyList<Proposal>>> proposals)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(proposals);
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
            writer.WriteLine(Header);
            var ids = new HashSet<string>();
            foreach (var (id, list) in proposals)
            {
                Check(id, list, nameof(proposals));
                if (!ids.Add(id))
                    throw new ArgumentException($"The image '{id}' occurs twice.", nameof(proposals));

                writer.WriteLine(FormattableString.Invariant($"{ImageKeyword} {list.Count} {id}"));
                foreach (var (box, score) in list)
                    writer.WriteLine(FormattableString.Invariant($"{box.X0} {box.Y0} {box.X1} {box.Y1} {score}"));
            }
        });
    }

    private static void Check(string id, IReadOnlyList<Proposal> list, string name)
    {
        if (string.IsNullOrEmpty(id) || id.Trim() != id || id.AsSpan().IndexOfAny('\n', '\r') >= 0)
            throw new ArgumentException($"'{id}' is no image id: expected text without line breaks and outer blanks.", name);

        foreach (var proposal in list)
        {
            if (proposal.Box.IsEmpty || !float.IsFinite(proposal.Score))
                throw new ArgumentException($"The image '{id}' has the proposal {proposal}: expected a box with pixels and a finite score.", name);
        }
    }
}
