namespace DeconvNet.Segmentation;

/// <summary>A class that was found in a photo.</summary>
/// <param name="Name">The class name.</param>
/// <param name="Fraction">Fraction of the photo's pixels, above 0 and at most 1.</param>
public readonly record struct ClassFraction(string Name, double Fraction)
{
    /// <summary>The class id in the label map.</summary>
    public byte Id { get; init; }

    /// <summary>Number of pixels.</summary>
    public long Pixels { get; init; }
}
