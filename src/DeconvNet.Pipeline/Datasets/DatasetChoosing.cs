using System.Text;

namespace DeconvNet.Datasets;

/// <summary>The two parts returned by <see cref="DatasetChoosing.Split"/>.</summary>
/// <param name="Training">The images to train on.</param>
/// <param name="HeldOut">The images held out of training, to validate choices on.</param>
public sealed record DatasetSplit(ISegmentationDataset Training, ISegmentationDataset HeldOut);

/// <summary>Selects parts of data sets. Nothing is copied or read; a part is a data set like any other.</summary>
public static class DatasetChoosing
{
    /// <summary>The images whose id satisfies <paramref name="condition"/>, in the same order; possibly none.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="condition">Called once for each id, immediately.</param>
    public static ISegmentationDataset Where(this ISegmentationDataset data, Func<string, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(condition);
        return new DatasetPart(data, Enumerable.Range(0, data.Count).Where(index => condition(data.Ids[index])));
    }

    /// <summary>The first <paramref name="count"/> images, or all if there are fewer.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="count">How many, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static ISegmentationDataset Take(this ISegmentationDataset data, int count)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new DatasetPart(data, Enumerable.Range(0, Math.Min(count, data.Count)));
    }

    /// <summary>One of <paramref name="count"/> parts of equal size, to split work over several machines; every image is in exactly one part.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="number">Which part, 1 … <paramref name="count"/>.</param>
    /// <param name="count">Number of parts, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static ISegmentationDataset Shard(this ISegmentationDataset data, int number, int count)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, count);
        return new DatasetPart(data, Enumerable.Range(0, data.Count).Where(index => index % count == number - 1));
    }

    /// <summary>
    /// Holds some images out of training. Which part an image belongs to depends only on a hash of seed and id, so it is the same
    /// whatever other images are in the list, in any order, on any machine.
    /// </summary>
    /// <param name="data">The data set.</param>
    /// <param name="heldOutFraction">Expected fraction of the images that are held out, 0 … 1.</param>
    /// <param name="seed">A different seed holds out different images.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not in 0 … 1.</exception>
    public static DatasetSplit Split(this ISegmentationDataset data, double heldOutFraction, int seed)
    {
        if (!(heldOutFraction >= 0 && heldOutFraction <= 1))
            throw new ArgumentOutOfRangeException(nameof(heldOutFraction), heldOutFraction, "The fraction that is held out must be 0 to 1.");

        return new DatasetSplit(data.Where(id => Draw(id, seed) >= heldOutFraction), data.Where(id => Draw(id, seed) < heldOutFraction));
    }

    /// <summary>Loads an image with everything that is known about it.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="index">0 … <see cref="ISegmentationDataset.Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    /// <exception cref="FileNotFoundException">The photo is missing, or its mask or annotation while other images have theirs.</exception>
    /// <exception cref="InvalidDataException">A file is malformed or does not fit the photo.</exception>
    public static SegmentationSample Load(this ISegmentationDataset data, int index)
    {
        ArgumentNullException.ThrowIfNull(data);
        var photo = data.LoadImage(index);
        return new SegmentationSample(data.Ids[index], photo)
        {
            Labels = data.HasLabels ? data.LoadLabels(index) : null,
            Instances = data.LoadInstances(index),
            Objects = data.HasObjects ? data.LoadObjects(index) : [],
        };
    }

    // FNV-1a over the id, then mixed: string.GetHashCode differs from process to process.
    private static double Draw(string id, int seed)
    {
        var hash = 0xCBF29CE484222325UL ^ unchecked((ulong)seed * SplitMix64.Step);
        foreach (var letter in Encoding.UTF8.GetBytes(id))
            hash = unchecked((hash ^ letter) * 0x100000001B3UL);
        return SplitMix64.Fraction(SplitMix64.Mix(hash));
    }
}
