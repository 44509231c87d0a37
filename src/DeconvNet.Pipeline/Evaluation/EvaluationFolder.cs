using DeconvNet.Imaging;

namespace DeconvNet.Evaluation;

/// <summary>
/// A folder that keeps what each method found on each image, so that an evaluation can be interrupted, split over machines and put together again:
/// <code>
/// METHOD/method.json            the method's name, description and classes
/// METHOD/scores/ID.json         counts and time of one image
/// METHOD/results/VOC2012/…      the predicted masks, ready to be submitted (<see cref="VocSubmission"/>)
/// </code>
/// Where an id is a path, as those of photos in subfolders are, so are these.
/// Every file is written as a whole; an image is finished when its score is there. One evaluation at a time works in a folder; machines that share an evaluation
/// work in a folder each, and <see cref="TakeFrom"/> puts these together.
/// </summary>
public sealed class EvaluationFolder
{
    private const string CardName = "method.json";
    private const string ScoreExtension = ".json";

    private static readonly EnumerationOptions WithoutLinks = new() { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>Names a folder; it is made when the first result is kept.</summary>
    /// <param name="root">Path of the folder.</param>
    public EvaluationFolder(string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        Root = Path.GetFullPath(root);
    }

    /// <summary>Full path of the folder.</summary>
    public string Root { get; }

    /// <summary>The folder that holds a method's <c>results</c>, as it is submitted.</summary>
    /// <exception cref="ArgumentException">The name cannot be that of a folder.</exception>
    public string FolderOf(string method)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        if (method.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0 || method.Trim('.', ' ') != method)
            throw new ArgumentException($"'{method}' cannot be the name of a folder.", nameof(method));
        return Path.Combine(Root, method);
    }

    /// <summary>
    /// Copies the finished images of another folder that are missing here, for instance those of another machine's shard. Every score and mask is checked before it is copied.
    /// </summary>
    /// <param name="other">Where to copy from.</param>
    /// <returns>How many were copied, over all methods.</returns>
    /// <exception cref="ArgumentException">It is this folder.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">
    /// A method of the same name has another description there, its folder has another name, a score is damaged or that of another image, a mask is damaged or does not fit
    /// its score, or an entry is a link; the message names the file.
    /// </exception>
    /// <exception cref="IOException">An evaluation works in this folder.</exception>
    public int TakeFrom(EvaluationFolder other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!Directory.Exists(other.Root))
            throw new DirectoryNotFoundException($"There is no folder {other.Root} to take results from.");
        if (string.Equals(other.Root, Root, StringComparison.Ordinal))
            throw new ArgumentException($"{Root} cannot take results from itself.", nameof(other));

        using var held = Lock();
        var copied = 0;
        foreach (var folder in Directory.GetDirectories(other.Root).Order(StringComparer.Ordinal))
        {
            var method = Path.GetFileName(folder);
            if (File.Exists(Path.Combine(folder, CardName)))
                copied += TakeMethod(other, method);
        }

        return copied;
    }

    private int TakeMethod(EvaluationFolder other, string method)
    {
        var path = other.MethodPath(method);
        RequireNoLink(other.FolderOf(method));
        RequireNoLink(path);
        var card = MethodCard.Load(path);
        if (card.Name != method)
            throw new InvalidDataException($"{path} describes the method '{card.Name}', but its folder is called '{method}'. Rename the folder.");

        Open(card);
        if (!Directory.Exists(other.ScoresOf(method)))
            return 0;

        var copied = 0;
        foreach (var id in other.FinishedIds(method))
        {
            if (IsFinished(method, id) || !other.IsFinished(method, id))
                continue;
            Take(other, method, id, card.ClassNames.Count);
            copied++;
        }

        return copied;
    }

    private void Take(EvaluationFolder other, string method, string id, int classes)
    {
        var (scorePath, maskPath) = (other.ScorePath(method, id), other.PredictionPath(method, id));
        foreach (var path in (string[])[scorePath, maskPath])
        {
            for (var part = path; part != other.FolderOf(method); part = Path.GetDirectoryName(part)!)
                RequireNoLink(part);
        }

        var score = ImageScore.Load(scorePath, id, classes);
        var png = File.ReadAllBytes(maskPath);
        var mask = LabelMap.Decode(png, maskPath);
        if (mask.Pixels.IndexOfAnyInRange((byte)classes, byte.MaxValue) is >= 0 and var wrong)
            throw new InvalidDataException($"{maskPath} has class {mask.Pixels[wrong]}; expected 0 … {classes - 1}.");
        if (score.Confusion.PixelCount > mask.Pixels.Length)
            throw new InvalidDataException($"{scorePath} counts {score.Confusion.PixelCount} pixels; its mask {maskPath} has {mask.Pixels.Length}.");

        // The score comes last, since it says that the image is finished.
        AtomicFile.Write(WithFolder(PredictionPath(method, id)), stream => stream.Write(png));
        score.Save(WithFolder(ScorePath(method, id)));
    }

    private static void RequireNoLink(string path)
    {
        if ((File.GetAttributes(path) & FileAttributes.ReparsePoint) != 0)
            throw new InvalidDataException($"{path} is a link; results are taken from the folder itself only. Copy the files there.");
    }

    /// <summary>Keeps others out of the folder until it is disposed.</summary>
    /// <exception cref="IOException">An evaluation works in the folder.</exception>
    internal FolderLock Lock() => FolderLock.Take(Root, "evaluation");

    /// <summary>Makes the folders of a method, or checks that those there are of the same method. The folder must be locked.</summary>
    /// <exception cref="InvalidDataException">The results there were made in another way.</exception>
    internal void Open(MethodCard method)
    {
        var path = MethodPath(method.Name);
        if (File.Exists(path))
            MethodCard.Load(path).RequireEqual(method, path);

        foreach (var folder in (string[])[FolderOf(method.Name), ScoresOf(method.Name), VocSubmission.MaskFolder(FolderOf(method.Name))])
        {
            Directory.CreateDirectory(folder);
            foreach (var below in Directory.EnumerateDirectories(folder, "*", WithoutLinks).Append(folder))
                AtomicFile.RemoveLeftovers(below);
        }

        if (!File.Exists(path))
            method.Save(path);
    }

    /// <summary>The score of a finished image; null where it is still to be done.</summary>
    internal ImageScore? Find(string method, string id, int classes) => IsFinished(method, id) ? ImageScore.Load(ScorePath(method, id), id, classes) : null;

    internal void Save(string method, ImageScore score, LabelMap prediction)
    {
        prediction.SavePng(WithFolder(PredictionPath(method, score.Id)));
        score.Save(WithFolder(ScorePath(method, score.Id)));
    }

    private bool IsFinished(string method, string id) => File.Exists(ScorePath(method, id)) && File.Exists(PredictionPath(method, id));

    private string MethodPath(string method) => Path.Combine(FolderOf(method), CardName);

    private string ScoresOf(string method) => Path.Combine(FolderOf(method), "scores");

    private string ScorePath(string method, string id) => PathBelow(ScoresOf(method), id, ScoreExtension);

    private string PredictionPath(string method, string id) => PathBelow(VocSubmission.MaskFolder(FolderOf(method)), id, ".png");

    private List<string> FinishedIds(string method)
    {
        var scores = ScoresOf(method);
        RequireNoLink(scores);
        var ids = new List<string>();
        foreach (var entry in Directory.EnumerateFileSystemEntries(scores, "*", SearchOption.AllDirectories))
        {
            // A folder comes before what is in it, so that no link is followed.
            if (Directory.Exists(entry))
                RequireNoLink(entry);
            else if (Path.GetExtension(entry) == ScoreExtension)
                ids.Add(Path.GetRelativePath(scores, entry)[..^ScoreExtension.Length].Replace(Path.DirectorySeparatorChar, '/'));
        }

        ids.Sort(StringComparer.Ordinal);
        return ids;
    }

    /// <summary>An id is made by whoever made the data set: no id may lead to another folder.</summary>
    private static string PathBelow(string folder, string id, string extension)
    {
        var path = Path.GetFullPath(Path.Combine(folder, id + extension));
        return path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new ArgumentException($"The results of the image '{id}' cannot be kept: its id leads out of {folder}.", nameof(id));
    }

    private static string WithFolder(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
