namespace DeconvNet.Weights;

/// <summary>Accuracy of weights on a data set, stored with them. Immutable.</summary>
public sealed record MeasuredAccuracy
{
    /// <summary>Number of images, at least 1.</summary>
    public required int ImageCount { get; init; }

    /// <summary>Intersection over union, averaged over the classes, 0 … 1.</summary>
    public required double MeanIoU { get; init; }

    /// <summary>Fraction of the labeled pixels that have the right class, 0 … 1; <see langword="null"/> if unknown.</summary>
    public double? PixelAccuracy { get; init; }

    /// <summary>
    /// How the photos were segmented, such as the options of the segmenter; <see langword="null"/> if unknown. Figures of different methods cannot be compared.
    /// </summary>
    public string? Method { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    internal void Validate()
    {
        OptionValue.Require(ImageCount >= 1, this, ImageCount, "at least 1");
        OptionValue.Require(MeanIoU is >= 0 and <= 1, this, MeanIoU, "0 to 1");
        OptionValue.Require(PixelAccuracy is null or (>= 0 and <= 1), this, PixelAccuracy, "0 to 1");
    }
}
