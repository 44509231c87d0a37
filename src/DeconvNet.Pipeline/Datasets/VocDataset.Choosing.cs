using System.Text;

namespace DeconvNet.Datasets;

/// <summary>The two sides of <see cref="VocDataset.Split"/>.</summary>
/// <param name="Training">The images to train on.</param>
/// <param name="HeldOut">The images that are left out of training, for choices.</param>
public sealed record VocSplit(VocDataset Training, VocDataset HeldOut);

public sealed partial class VocDataset
{
    /// <summary>The images whose id meets <paramref name="condition"/>, in the same order; possibly none.</summary>
    public VocDataset Where(Func<string, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return new VocDataset(folder, ImageSet, _ => ids.Where(condition));
    }

    /// <summary>The first <paramref name="count"/> images, or all where there are fewer.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public VocDataset Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new VocDataset(folder, ImageSet, _ => ids.Take(count));
    }

    /// <summary>One of <paramref name="count"/> parts of equal size, to split work over machines; every image is in exactly one of them.</summary>
    /// <param name="number">Which part, 1 … <paramref name="count"/>.</param>
    /// <param name="count">Number of parts, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public VocDataset Shard(int number, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, count);
        return new VocDataset(folder, ImageSet, _ => ids.Where((_, index) => index % count == number - 1));
    }

    /// <summary>
    /// Holds some images out of training. The side of an image depends on a hash of seed and id alone, so it is the same
    /// whatever other images are in the list, in any order, on any machine.
    /// </summary>
    /// <param name="heldOutFraction">Expected fraction of the images that are held out, 0 … 1.</param>
    /// <param name="seed">Another seed draws another part.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not in 0 … 1.</exception>
    public VocSplit Split(double heldOutFraction, int seed)
    {
        if (!(heldOutFraction >= 0 && heldOutFraction <= 1))
            throw new ArgumentOutOfRangeException(nameof(heldOutFraction), heldOutFraction, "The fraction that is held out must be 0 to 1.");

        return new VocSplit(Where(id => Draw(id, seed) >= heldOutFraction), Where(id => Draw(id, seed) < heldOutFraction));
    }

    // FNV-1a over the id, then splitmix64's finalizer: string.GetHashCode differs from process to process.
    private static double Draw(string id, int seed)
    {
        var hash = 0xCBF29CE484222325UL ^ unchecked((ulong)seed * 0x9E3779B97F4A7C15UL);
        foreach (var letter in Encoding.UTF8.GetBytes(id))
            hash = unchecked((hash ^ letter) * 0x100000001B3UL);

        hash = unchecked((hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL);
        hash = unchecked((hash ^ (hash >> 27)) * 0x94D049BB133111EBUL);
        hash ^= hash >> 31;
        return (hash >> 11) * (1.0 / (1UL << 53));
    }
}
