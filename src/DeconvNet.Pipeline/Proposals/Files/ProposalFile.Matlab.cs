using DeconvNet.Imaging;

namespace DeconvNet.Proposals.Files;

public static partial class ProposalFile
{
    internal const string MatlabExtension = ".mat";

    private const string BoxesName = "boxes_padded";
    private const string ScoresName = "scores";
    private const string SizeName = "image_size";

    /// <summary>Writes a MATLAB 5 file <c>id.mat</c> for each image; each is replaced atomically.</summary>
    /// <param name="folder">The folder, created if it does not exist. Other files in it are not touched.</param>
    /// <param name="proposals">
    /// The proposals by image id, best first. Boxes are written unchanged: the authors' inference expects squares that include the context
    /// (<see cref="PixelBox.ToSquare"/>). They may extend beyond the image up to the black border.
    /// </param>
    /// <param name="imageSize">The size of the image with an id.</param>
    /// <exception cref="ArgumentException">
    /// An id is not a file name or occurs twice, a box is empty or extends beyond the black border, or a score is NaN or infinite. Files of earlier images remain.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="imageSize"/> gives a side below 1 or above 500,000,000.</exception>
    public static void SaveMatlab(
        string folder, IEnumerable<KeyValuePair<string, IReadOnlyList<Proposal>>> proposals, Func<string, ImageSize> imageSize)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(proposals);
        ArgumentNullException.ThrowIfNull(imageSize);
        Directory.CreateDirectory(folder);
        foreach (var (id, list) in Checked(proposals, nameof(proposals)))
        {
            if (id.IndexOfAny(['/', '\\', ':', .. Path.GetInvalidFileNameChars()]) >= 0 || id is "." or "..")
                throw new ArgumentException($"'{id}' cannot be the name of a file.", nameof(proposals));

            var border = new BlackBorder(imageSize(id), nameof(imageSize));
            var boxes = new double[4 * list.Count];
            for (var i = 0; i < list.Count; i++)
            {
                if (!border.Holds(list[i].Box))
                    throw new ArgumentException($"The image '{id}' has the box {list[i].Box}: expected one inside the image and its border, {border}.", nameof(proposals));

                (boxes[i], boxes[i + list.Count], boxes[i + (2 * list.Count)], boxes[i + (3 * list.Count)]) = border.ToMatlab(list[i].Box);
            }

            AtomicFile.Write(Path.Combine(folder, id + MatlabExtension), stream => MatlabFile.Write(
                stream,
                (BoxesName, new MatlabMatrix(list.Count, 4, boxes)),
                (ScoresName, new MatlabMatrix(list.Count, 1, [.. list.Select(proposal => (double)proposal.Score)])),
                (SizeName, new MatlabMatrix(1, 2, [border.Height, border.Width]))));
        }
    }

    private static Dictionary<string, IReadOnlyList<Proposal>> LoadMatlabFolder(string folder, Func<string, ImageSize>? imageSize)
    {
        var images = new Dictionary<string, IReadOnlyList<Proposal>>();
        foreach (var file in Directory.GetFiles(folder, "*" + MatlabExtension).Order(StringComparer.Ordinal))
        {
            using var stream = File.OpenRead(file);
            images.Add(MatlabId(file), LoadMatlab(stream, file, imageSize));
        }

        return images.Count > 0 ? images : throw new InvalidDataException($"The folder '{folder}' holds no '*{MatlabExtension}': expected one for each image.");
    }

    private static string MatlabId(string path) => Path.GetFileNameWithoutExtension(path);

    private static Proposal[] LoadMatlab(Stream stream, string path, Func<string, ImageSize>? imageSize)
    {
        var variables = MatlabFile.Read(stream, path, [BoxesName, ScoresName, SizeName]);
        InvalidDataException Malformed(string what) => new($"'{path}': {what}.");
        if (!variables.TryGetValue(BoxesName, out var boxes))
            throw Malformed($"there is no variable '{BoxesName}'");
        if (boxes.Rows == 0)
            return [];
        if (boxes.Columns != 4)
            throw Malformed($"'{BoxesName}' is {boxes.Rows}×{boxes.Columns}; expected four columns x1 y1 x2 y2");

        var count = boxes.Rows;
        var scores = variables.GetValueOrDefault(ScoresName);
        if (scores is not null && (scores.Rows, scores.Columns) != (count, 1))
            throw Malformed($"'{ScoresName}' is {scores.Rows}×{scores.Columns}; expected {count}×1");

        var border = Border();
        var proposals = new Proposal[count];
        for (var i = 0; i < count; i++)
        {
            var (x1, y1, x2, y2) = (boxes[i, 0], boxes[i, 1], boxes[i, 2], boxes[i, 3]);
            if (!border.TryToPixels(x1, y1, x2, y2, out var box))
                throw Malformed(FormattableString.Invariant($"row {i + 1} of '{BoxesName}' is {x1} {y1} {x2} {y2}; expected whole numbers x1 ≤ x2 and y1 ≤ y2 inside {border}"));

            proposals[i] = new Proposal(box, scores is null ? (count - i) / (float)count : (float)scores[i, 0]);
            if (!IsSound(proposals[i]))
                throw Malformed(FormattableString.Invariant($"row {i + 1} of '{ScoresName}' is {scores![i, 0]}; expected a finite number"));
        }

        return proposals;

        BlackBorder Border()
        {
            if (!variables.TryGetValue(SizeName, out var size))
            {
                return imageSize is null
                    ? throw Malformed($"the file does not say the size of its image, from which '{BoxesName}' is counted; give {nameof(Load)} its {nameof(imageSize)}")
                    : new BlackBorder(imageSize(MatlabId(path)), nameof(imageSize));
            }

            return (size.Rows, size.Columns) == (1, 2) && BlackBorder.IsSide(size[0, 0]) && BlackBorder.IsSide(size[0, 1])
                ? new BlackBorder(new ImageSize((int)size[0, 1], (int)size[0, 0]), SizeName)
                : throw Malformed($"'{SizeName}' is not the height and width of an image in whole pixels");
        }
    }
}
