using System.Security.Cryptography;
using System.Text;
using DeconvNet.Datasets;
using DeconvNet.Imaging;
using DeconvNet.Segmentation;

namespace DeconvNet.Training.Distillation;

/// <summary>
/// Soft targets of a teacher: a class distribution for every pixel of a photo, by image id (Hinton, Vinyals, Dean: Distilling the Knowledge in a Neural
/// Network, 2015). The four most probable classes are stored in 8 bits at every eighth pixel, 15 KB for a photo of 500×375, and interpolated in
/// between. Immutable and thread-safe.
/// </summary>
public sealed partial class SoftTargets
{
    private readonly SortedDictionary<string, SoftTarget> targets;

    private SoftTargets(SortedDictionary<string, SoftTarget> targets)
    {
        this.targets = targets;
        ClassCount = targets.Values.Select(target => target.MaxClass() + 1).DefaultIfEmpty(0).Max();
    }

    /// <summary>The ids of the photos, in ordinal order.</summary>
    public IReadOnlyCollection<string> Ids => targets.Keys;

    /// <summary>Largest class id plus one.</summary>
    public int ClassCount { get; }

    /// <summary>Runs a segmenter on every photo of a data set. This may take long; with a file, finished photos are stored and the next call continues from there.</summary>
    /// <param name="data">The photos; masks are not read.</param>
    /// <param name="teacher">The segmenter, whose results must keep their scores. It is not disposed.</param>
    /// <param name="path">A file to continue from and to write, for this teacher only; <see langword="null"/> for none.</param>
    /// <param name="progress">Reports the number of photos done, on the calling thread.</param>
    /// <param name="cancellationToken">Cancels the work before the next photo.</param>
    /// <exception cref="ArgumentException">The classes of teacher and data set differ.</exception>
    /// <exception cref="InvalidDataException">The file or a photo cannot be read.</exception>
    /// <exception cref="InvalidOperationException">The teacher's results have no scores.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static SoftTargets Create(
        ISegmentationDataset data, ISegmenter teacher, string? path = null, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(teacher);
        if (!teacher.ClassNames.SequenceEqual(data.ClassNames))
            throw new ArgumentException($"The teacher names {teacher.ClassNames.Count} classes ({string.Join(", ", teacher.ClassNames)}), the data set {data.ClassNames.Count} ({string.Join(", ", data.ClassNames)}).", nameof(teacher));

        var known = path is not null && File.Exists(path) ? Load(path).targets : new(StringComparer.Ordinal);
        var unsaved = 0;
        try
        {
            for (var i = 0; i < data.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!known.ContainsKey(data.Ids[i]))
                {
                    var photo = data.LoadImage(i);
                    known.Add(data.Ids[i], SoftTarget.Of(teacher.Segment(photo, cancellationToken: cancellationToken).ComputeProbabilities(), photo.Size));
                    if (++unsaved == SaveEvery)
                        Keep();
                }

                progress?.Report(new WorkProgress(i + 1, data.Count));
            }
        }
        finally
        {
            Keep();
        }

        return new SoftTargets(known);

        void Keep()
        {
            if (path is not null && unsaved > 0)
                Write(path, known);
            unsaved = 0;
        }
    }

    /// <summary>The soft target of a photo; <see langword="null"/> if there is none.</summary>
    /// <exception cref="InvalidDataException">It was created for a photo of a different size.</exception>
    internal SoftTarget? Find(string id, ImageSize photo)
    {
        if (!targets.TryGetValue(id, out var target))
            return null;
        return target.Fits(photo)
            ? target
            : throw new InvalidDataException($"The soft targets of '{id}' are {target.Rows}×{target.Columns} nodes, which is not one for every 8 pixels of its photo of {photo}. They were made from another size of it.");
    }

    internal bool Contains(string id) => targets.ContainsKey(id);

    /// <summary>A hash of the targets of some photos.</summary>
    internal string Hash(IEnumerable<string> ids)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var id in ids.Where(targets.ContainsKey))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(id + "\n"));
            hash.AppendData(targets[id].Planes);
        }

        return Convert.ToHexString(hash.GetHashAndReset())[..16];
    }
}
