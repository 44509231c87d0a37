using DeconvNet.Imaging;

namespace DeconvNet.Proposals.Files;

/// <summary>
/// Files with proposals for many images, in one of three formats, recognized by content.
/// </summary>
/// <remarks>
/// Text (UTF-8): the first line names the format and its version. A line <c>image count id</c> (the id runs to the end of the line) is followed by
/// <c>count</c> lines <c>x0 y0 x1 y1 score</c>; blank lines are skipped:
/// <code>
/// proposals 1
/// image 2 2007_000032
/// 10 20 110 220 0.25
/// 0 0 500 375 0.125
/// image 0 2007_000033
/// </code>
/// JSON (UTF-8), the same numbers; other members are ignored, and files of any size are read as a stream:
/// <code>
/// { "format": "proposals", "version": 1, "images": [
///   { "id": "2007_000032", "proposals": [[10, 20, 110, 220, 0.25], [0, 0, 500, 375, 0.125]] },
///   { "id": "2007_000033", "proposals": [] } ] }
/// </code>
/// In both, boxes are in pixels, 0-based and half-open, best first, and scores round-trip exactly.
/// <para>
/// MATLAB 5: a folder with one <c>id.mat</c> per image, or a single such file, as the authors of DeconvNet stored their boxes. The variable <c>boxes_padded</c>
/// is n×4 with the columns <c>x1 y1 x2 y2</c>, 1-based and inclusive, in the image with a black border: as many columns on the left and right as
/// the image has rows, and as many rows above and below as it has columns. For an image of W×H pixels,
/// <c>(x1, y1, x2, y2)</c> is therefore the half-open box <c>(x1 − H − 1, y1 − W − 1, x2 − H, y2 − W)</c>.
/// The authors' boxes are squares that already include the context around the object, and have no scores: a box of rank r of n (from 0) gets <c>(n − r) / n</c>.
/// <see cref="SaveMatlab"/> adds the variables <c>scores</c> (n×1) and <c>image_size</c> (<c>[H W]</c>), which are read if present.
/// </para>
/// </remarks>
public static partial class ProposalFile
{
    /// <summary>Reads a file in any of the formats, or a folder of MATLAB files.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="imageSize">Returns the size of the image with an id; needed for MATLAB files without it, such as the authors'.</param>
    /// <returns>The proposals by image id, in the order of the file or of the file names in the folder.</returns>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">
    /// The content is malformed, an id occurs twice, the file is truncated, or the image's size is needed but not given; the message names file and place.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="imageSize"/> gives a side below 1 or above 500,000,000.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<Proposal>> Load(string path, Func<string, ImageSize>? imageSize = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            return LoadMatlabFolder(path, imageSize);

        using var stream = InputFile.Open(path, "a file of proposals");
        var start = new byte[MatlabFile.HeaderLength];
        var read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (MatlabFile.Recognizes(start.AsSpan(0, read)))
            return new Dictionary<string, IReadOnlyList<Proposal>> { [MatlabId(path)] = LoadMatlab(stream, path, imageSize) };
        if (ProposalJson.Recognizes(start.AsSpan(0, read)))
            return ProposalJson.Read(stream, path);
        if (ForeignFile.Describe(start.AsSpan(0, read)) is { } kind)
            throw new InvalidDataException($"'{path}' holds no proposals: it is {kind}.");

        using var reader = new StreamReader(stream);
        return new ProposalText(reader, path).Read();
    }

    /// <summary>Writes a file, JSON if its name ends in <c>.json</c>, otherwise text; an existing one is replaced atomically.</summary>
    /// <param name="path">The file.</param>
    /// <param name="proposals">The proposals by image id; enumerated once, while writing.</param>
    /// <exception cref="ArgumentException">
    /// An id is empty, occurs twice or has line breaks or leading or trailing spaces, a box is empty, a score is NaN or infinite,
    /// or the name ends in <c>.mat</c> (see <see cref="SaveMatlab"/>).
    /// </exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, IReadOnlyList<Proposal>>> proposals)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(proposals);
        bool EndsIn(string extension) => Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase);
        if (EndsIn(MatlabExtension))
            throw new ArgumentException($"'{path}' is a MATLAB file, which holds one image and needs its size: use {nameof(SaveMatlab)}.", nameof(path));

        var sound = Checked(proposals, nameof(proposals));
        AtomicFile.Write(path, stream =>
        {
            if (EndsIn(".json"))
                ProposalJson.Write(stream, sound);
            else
                ProposalText.Write(stream, sound);
        });
    }

    internal static bool IsId(string? id) => !string.IsNullOrEmpty(id) && id.Trim() == id && id.AsSpan().IndexOfAny('\n', '\r') < 0;

    internal static bool IsSound(Proposal proposal) => !proposal.Box.IsEmpty && float.IsFinite(proposal.Score);

    private static IEnumerable<KeyValuePair<string, IReadOnlyList<Proposal>>> Checked(
        IEnumerable<KeyValuePair<string, IReadOnlyList<Proposal>>> proposals, string name)
    {
        var ids = new HashSet<string>();
        foreach (var (id, list) in proposals)
        {
            if (!IsId(id))
                throw new ArgumentException($"'{id}' is not an image id: expected text without line breaks and outer blanks.", name);
            if (!ids.Add(id))
                throw new ArgumentException($"The image '{id}' occurs twice.", name);

            foreach (var proposal in list)
            {
                if (!IsSound(proposal))
                    throw new ArgumentException(FormattableString.Invariant($"The image '{id}' has the proposal {proposal.Box} with the score {proposal.Score}: expected a box with pixels and a finite score."), name);
            }

            yield return KeyValuePair.Create(id, list);
        }
    }
}
