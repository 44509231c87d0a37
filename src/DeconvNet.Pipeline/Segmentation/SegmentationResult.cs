using System.Text.Json.Serialization;
using DeconvNet.Imaging;
using DeconvNet.Imaging.Drawing;
using DeconvNet.Segmentation.Scores;

namespace DeconvNet.Segmentation;

/// <summary>A class found in a photo.</summary>
/// <param name="Name">The class name.</param>
/// <param name="Fraction">Fraction of the photo's pixels, above 0, at most 1.</param>
public readonly record struct ClassFraction(string Name, double Fraction)
{
    /// <summary>The class id in the label map.</summary>
    public byte Id { get; init; }

    /// <summary>Number of pixels.</summary>
    [JsonPropertyName("pixels")]
    public long PixelCount { get; init; }
}

/// <summary>A proposal scored by the network, in pixels of the photo.</summary>
/// <param name="Box">The box of the proposal.</param>
/// <param name="Crop">The square crop that the network saw, which may extend beyond the photo.</param>
/// <param name="Score">Objectness score; higher is better, without a fixed range; +∞ for the whole photo.</param>
public readonly record struct UsedProposal(PixelBox Box, PixelBox Crop, float Score);

/// <summary>The result of segmenting a photo: plain, immutable data without native memory. Thread-safe.</summary>
public sealed partial class SegmentationResult
{
    /// <summary>Creates a result; class fractions are counted from <paramref name="labels"/>.</summary>
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
        ClassNames = [.. classNames];
        Classes = Count(labels, classNames);
    }

    /// <summary>The photo.</summary>
    public RgbImage Photo { get; }

    /// <summary>The class id of each pixel of the photo.</summary>
    public LabelMap Labels { get; }

    /// <summary>Class names by id.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The classes found, without background (id 0) and void, largest first; ties by id.</summary>
    public IReadOnlyList<ClassFraction> Classes { get; }

    /// <summary>The merged scores, at the working size; <see langword="null"/> if the segmenter did not keep them.</summary>
    public ScoreMap? Scores { get; init; }

    /// <summary>
    /// The confidence below which regions were turned into background in <see cref="Labels"/>, from 0 to below 1; 0 if all were kept.
    /// <see cref="Scores"/> are not affected. 0 after a CRF, since the marginals decide.
    /// </summary>
    public double MinRegionConfidence { get; init; }

    /// <summary>The proposals that the network scored, in order; empty for segmenters that process the whole photo at once.</summary>
    public IReadOnlyList<UsedProposal> Proposals { get; init; } = [];

    /// <summary>Time of each stage.</summary>
    public SegmentationTimings Timings { get; init; }

    /// <summary>The merged scores as probabilities, computed on every call.</summary>
    /// <exception cref="InvalidOperationException">The scores were not kept.</exception>
    public ScoreMap ComputeProbabilities() => Scores?.ToProbabilities()
        ?? throw new InvalidOperationException($"The scores were not kept: set {nameof(ProposalSegmenterOptions.KeepScores)} in the options of the segmenter.");

    /// <summary>Writes the labels as an 8-bit palette PNG of the photo's size with VOC's palette.</summary>
    public void SavePng(string path) => Labels.SavePng(path);

    /// <summary>Writes the labels to a stream; see <see cref="SavePng(string)"/>.</summary>
    /// <param name="stream">The stream to write to; it is left open.</param>
    public void SavePng(Stream stream) => Labels.SavePng(stream);

    /// <summary>Asynchronous version of <see cref="SavePng(string)"/>, with the same exceptions.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Cancels the work before the file is written.</param>
    public Task SavePngAsync(string path, CancellationToken cancellationToken = default) => Labels.SavePngAsync(path, cancellationToken);

    /// <summary>Writes the labels to a stream, asynchronously.</summary>
    /// <param name="stream">The stream to write to; it is left open.</param>
    /// <param name="cancellationToken">Cancels writing.</param>
    public Task SavePngAsync(Stream stream, CancellationToken cancellationToken = default) => Labels.SavePngAsync(stream, cancellationToken);

    /// <summary>Draws the classes in color over the photo, with a legend.</summary>
    /// <param name="options">The options; <see cref="OverlayOptions.Default"/> if null.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a class or font does not exist.</exception>
    public RgbImage Overlay(OverlayOptions? options = null) => Imaging.Drawing.Overlay.Draw(Photo, Labels, ClassNames, options);

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
            found.Add(new ClassFraction(classNames[id], (double)counts[id] / labels.Pixels.Length) { Id = (byte)id, PixelCount = counts[id] });
        }

        return [.. found.OrderByDescending(entry => entry.PixelCount)];
    }
}
