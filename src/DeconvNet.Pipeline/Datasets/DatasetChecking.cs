using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

/// <summary>Reads a whole data set and reports what it contains and what is wrong with it, before a training run fails after an hour.</summary>
public static class DatasetChecking
{
    /// <summary>Reads every photo, mask, instance mask and object.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="progress">Reports the number of images read, on worker threads, one call at a time.</param>
    /// <param name="cancellationToken">Cancels the work before the next image.</param>
    /// <returns>All problems, in the order of the images, and the contents of the sound images.</returns>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static DatasetReport Check(this ISegmentationDataset data, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var problems = new string?[data.Count];
        var sum = new DatasetCounts(data.ClassNames.Count);
        var done = 0;
        Parallel.For(0, data.Count, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, index =>
        {
            DatasetCounts? counts = null;
            try
            {
                counts = DatasetCounts.Of(data.Load(index), data.ClassNames.Count);
            }
            catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                problems[index] = error.Message;
            }

            lock (sum)
            {
                if (counts is not null)
                    sum.Add(counts);
                progress?.Report(new WorkProgress(++done, data.Count));
            }
        });

        return new DatasetReport(
            data.Count,
            [.. data.Ids.Zip(problems).Where(entry => entry.Second is not null).Select(entry => new DatasetProblem(entry.First, entry.Second!))],
            [.. data.ClassNames.Select((name, id) => new ClassContents(name) { PixelCount = sum.Pixels[id], ImageCount = sum.Images[id], ObjectCount = sum.Objects[id] })])
        {
            VoidPixelCount = sum.Pixels[LabelMap.Void],
            UnmaskedImageCount = sum.WithoutMask,
        };
    }

    /// <summary>Counts over a group of images, by class id.</summary>
    private sealed class DatasetCounts(int classCount)
    {
        public long[] Pixels { get; } = new long[256];

        public int[] Images { get; } = new int[classCount];

        public int[] Objects { get; } = new int[classCount];

        public int WithoutMask { get; private set; }

        public static DatasetCounts Of(SegmentationSample sample, int classCount)
        {
            var counts = new DatasetCounts(classCount) { WithoutMask = sample.Labels is null ? 1 : 0 };
            foreach (var label in sample.Labels is null ? [] : sample.Labels.Pixels)
                counts.Pixels[label]++;
            for (var id = 0; id < classCount; id++)
                counts.Images[id] = counts.Pixels[id] > 0 ? 1 : 0;
            foreach (var thing in sample.Objects)
                counts.Objects[thing.ClassId]++;
            return counts;
        }

        public void Add(DatasetCounts other)
        {
            for (var id = 0; id < Pixels.Length; id++)
                Pixels[id] += other.Pixels[id];
            for (var id = 0; id < Images.Length; id++)
            {
                Images[id] += other.Images[id];
                Objects[id] += other.Objects[id];
            }

            WithoutMask += other.WithoutMask;
        }
    }
}
