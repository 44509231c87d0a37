using DeconvNet.Imaging;

namespace DeconvNet.Evaluation;

/// <summary>
/// A folder that keeps what each method found on each image, so that an evaluation can be interrupted, split over machines and put together again:
/// <code>
/// METHOD/method.json            the method's name, description and classes
/// METHOD/scores/ID.json         counts and time of one image
/// METHOD/results/VOC2012/…      the predicted masks, ready to be submitted (<see cref="VocSubmission"/>)
/// </code>
/// Every file is written as a whole; an image is finished when its score is there. Several machines may share one folder.
/// </summary>
public sealed class EvaluationFolder
{
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
    /// Copies the finished images of another folder that are missing here, for instance those of another machine's shard.
    /// </summary>
    /// <param name="other">Where to copy from.</param>
    /// <returns>How many were copied, over all methods.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">A method of the same name has another description there.</exception>
    public int TakeFrom(EvaluationFolder other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!Directory.Exists(other.Root))
            throw new DirectoryNotFoundException($"There is no folder {other.Root} to take results from.");

        var copied = 0;
        foreach (var method in Directory.GetDirectories(other.Root).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal))
        {
            if (!File.Exists(other.MethodPath(method)))
                continue;

            var card = MethodCard.Load(other.MethodPath(method));
            Open(card);
            foreach (var score in Directory.EnumerateFiles(other.ScoresOf(method), "*.json"))
            {
                var id = Path.GetFileNameWithoutExtension(score);
                if (IsFinished(method, id))
                    continue;

                // The score comes last, since it says that the image is finished.
                if (File.Exists(other.PredictionPath(method, id)))
                    File.Copy(other.PredictionPath(method, id), PredictionPath(method, id), overwrite: true);
                ImageScoreFile.Save(ScorePath(method, id), ImageScoreFile.Load(score, card.ClassNames.Count));
                copied++;
            }
        }

        return copied;
    }

    /// <summary>Makes the folders of a method, or checks that the ones there are of the same method.</summary>
    /// <exception cref="InvalidDataException">The results there were made in another way.</exception>
    internal void Open(MethodCard method)
    {
        var path = MethodPath(method.Name);
        if (File.Exists(path))
        {
            MethodCard.Load(path).RequireEqual(method, path);
            return;
        }

        Directory.CreateDirectory(ScoresOf(method.Name));
        Directory.CreateDirectory(VocSubmission.MaskFolder(FolderOf(method.Name)));
        method.Save(path);
    }

    /// <summary>The score of a finished image; null where it is still to be done.</summary>
    internal ImageScore? Find(string method, string id, int classes) => IsFinished(method, id) ? ImageScoreFile.Load(ScorePath(method, id), classes) : null;

    internal void Save(string method, ImageScore score, LabelMap prediction)
    {
        prediction.SavePng(PredictionPath(method, score.Id));
        ImageScoreFile.Save(ScorePath(method, score.Id), score);
    }

    private bool IsFinished(string method, string id) => File.Exists(ScorePath(method, id)) && File.Exists(PredictionPath(method, id));

    private string MethodPath(string method) => Path.Combine(FolderOf(method), "method.json");

    private string ScoresOf(string method) => Path.Combine(FolderOf(method), "scores");

    private string ScorePath(string method, string id) => Path.Combine(ScoresOf(method), id + ".json");

    private string PredictionPath(string method, string id) => Path.Combine(VocSubmission.MaskFolder(FolderOf(method)), id + ".png");
}
