namespace DeconvNet.Segmentation;

/// <summary>Wall-clock time of each stage of one segmentation.</summary>
/// <param name="Proposals">Shrinking a large photo and finding proposals.</param>
/// <param name="Crops">Cutting out, resizing and preprocessing the crops.</param>
/// <param name="Network">Running the network, and waiting for it where another call runs it.</param>
/// <param name="Merge">Merging the crops' scores and choosing a class for each pixel of the photo.</param>
public readonly record struct SegmentationTimings(TimeSpan Proposals, TimeSpan Crops, TimeSpan Network, TimeSpan Merge)
{
    /// <summary>Refining the scores by a CRF, and choosing classes again; 0 without one.</summary>
    public TimeSpan Crf { get; init; }

    /// <summary>The sum of all stages.</summary>
    public TimeSpan Total => Proposals + Crops + Network + Merge + Crf;

    /// <summary>Adds stage by stage.</summary>
    public static SegmentationTimings operator +(SegmentationTimings left, SegmentationTimings right) => left.Add(right);

    /// <summary>Adds stage by stage.</summary>
    public SegmentationTimings Add(SegmentationTimings other) =>
        new(Proposals + other.Proposals, Crops + other.Crops, Network + other.Network, Merge + other.Merge) { Crf = Crf + other.Crf };
}
