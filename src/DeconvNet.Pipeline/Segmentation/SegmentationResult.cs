using DeconvNet.Imaging;
using DeconvNet.Segmentation.Scores;

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

/// <summary>A proposal that the network scored, in the photo's pixels.</summary>
/// <param name="Box">The proposal as it was found.</param>
/// <param name="Crop">The square that the network saw; it may extend beyond the photo.</param>
/// <param name="Score">Objectness; higher is better, without a fixed range; +∞ for the photo as a whole.</param>
public readonly record struct UsedProposal(PixelBox Box, PixelBox Crop, float Score);

/// <summary>What a segmenter found in one photo: plain, immutable data without native memory. Safe to read from many threads.</summary>
public sealed partial class SegmentationResult
{
    /// <summary>Makes a result; the fractions of the classes are counted from <paramref name="labels"/>.</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="labels">A class id for each pixel of the photo.</param>
    /// <param name="classNames">Class names by id.</param>
    /// <exception cref="ArgumentException">Photo and labels differ in size, a label has no name, or a name is null.</exception>
    public SegmentationResult(RgbImage photo, LabelMap labels, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentNullException.ThrowIfNull(labels);
        SegmenterChecks.RequireNames(classNames, nameof(classNames));
        if (photo.Width != labels.Width || photo.Height != labels.Height)
            throw new ArgumentException($"The photo is {photo.Width}×{photo.Height}, the labels are {labels.Width}×{labels.Height}.", nameof(labels));

        Photo = photo;
        Labels = labels;
        ClassNames = classNames;
        Classes = Count(labels, classNames);
    }

    /// <summary>The photo.</summary>
    public RgbImage Photo { get; }

    /// <summary>The class id of each pixel of the photo.</summary>
    public LabelMap Labels { get; }

    /// <summary>Class names by id.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The classes found, without background (id 0) and void, the largest first; equal ones by id.</summary>
    public IReadOnlyList<ClassFraction> Classes { get; }

    /// <summary>The merged scores, at the working size; <see langword="null"/> where the segmenter did not keep them.</summary>
    public ScoreMap? Scores { get; init; }

    /// <summary>
    /// The confidence below which a region gave way to background in <see cref="Labels"/>, 0 … below 1; 0 where all were kept.
    /// <see cref="Scores"/> are those before that. After a CRF it is 0, since the marginals decide.
    /// </summary>
    public double MinRegionConfidence { get; init; }

    /// <summary>What the network scored, in that order; empty for segmenters that take the whole photo only.</summary>
    public IReadOnlyList<UsedProposal> Proposals { get; init; } = [];

    /// <summary>The time of each stage.</summary>
    public SegmentationTimings Timings { get; init; }

    /// <summary>The merged scores as probabilities, computed anew by each call.</summary>
    /// <exception cref="InvalidOperationException">The scores were not kept.</exception>
    public ScoreMap ComputeProbabilities() => Scores?.ToProbabilities()
        ?? throw new InvalidOperationException($"The scores were not kept: set {nameof(ProposalSegmenterOptions.KeepScores)} in the options of the segmenter.");

    /// <summary>Writes the labels as an 8-bit PNG of the photo's size with the VOC palette.</summary>
    public void SavePng(string path) => Labels.SavePng(path);

    /// <summary>The photo with the classes in color over it, and a legend.</summary>
    /// <param name="opacity">Opacity of the colors, 0 … 1.</param>
    public RgbImage Overlay(double opacity = 0.55) => Imaging.Drawing.Overlay.Draw(Photo, Labels, ClassNames, opacity);

    private static ClassFraction[] Count(LabelMap labels, IReadOnlyList<string> classNames)
    {
        Span<long> counts = stackalloc long[256];
        foreach (var label in labels.Pixels)
            counts[label]++;

        var found = new List<ClassFraction>();
        for (var id = 1; id < LabelMap.Void; id++)
        {
            if (counts[id] == 0)
                continue;
            if (id >= classNames.Count)
                throw new ArgumentException($"The labels hold class {id}; there are names for {classNames.Count} classes.", nameof(labels));
            found.Add(new ClassFraction(classNames[id], (double)counts[id] / labels.Pixels.Length) { Id = (byte)id, Pixels = counts[id] });
        }

        return [.. found.OrderByDescending(entry => entry.Pixels)];
    }
}
