using System.Globalization;
using DeconvNet.Datasets;
using DeconvNet.Segmentation;
using DeconvNet.Training.Distillation;
using DeconvNet.Training.Ranks;
using Spectre.Console;

namespace Train;

/// <summary>Soft targets whose photos the ranks share. Each leaves its part in the folder, which all must see.</summary>
internal static class RankedSoftTargets
{
    /// <param name="data">The photos.</param>
    /// <param name="teacher">What is asked about them.</param>
    /// <param name="path">The file that is written, and that has the photos which need not be asked about.</param>
    /// <param name="ranks">The ranks; null for one process.</param>
    /// <param name="cancellationToken">Stops before the next photo; what is done is kept.</param>
    public static SoftTargets Create(ISegmentationDataset data, ISegmenter teacher, string path, ICommunicator? ranks, CancellationToken cancellationToken)
    {
        if (ranks is null or { Size: 1 })
            return Ask(data, path);

        var known = RankWork.Together(ranks, () => File.Exists(path) ? SoftTargets.Load(path).Ids.ToHashSet(StringComparer.Ordinal) : []);
        var missing = data.Where(id => !known.Contains(id));
        string[] parts = [.. Enumerable.Range(1, ranks.Size).Select(number => Path.ChangeExtension(path, string.Create(CultureInfo.InvariantCulture, $"{number}-of-{ranks.Size}.npz")))];
        RankWork.Together(ranks, () => Ask(missing.Shard(ranks.Rank + 1, ranks.Size), parts[ranks.Rank]));
        RankWork.OfFirst(ranks, () =>
        {
            string[] files = [.. parts.Append(path).Where(File.Exists)];
            if (missing.Count > 0)
                SoftTargets.Load(files).Save(path);
            foreach (var part in parts)
                File.Delete(part);
        });
        return RankWork.Together(ranks, () => SoftTargets.Load(path));

        SoftTargets Ask(ISegmentationDataset photos, string file)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            return AnsiConsole.Status().Start("The teacher looks at the photos", context => SoftTargets.Create(
                photos,
                teacher,
                file,
                new DirectProgress<DeconvNet.WorkProgress>(done => context.Status($"The teacher has seen {done.Done} of {done.Total} photos")),
                cancellationToken));
        }
    }
}
