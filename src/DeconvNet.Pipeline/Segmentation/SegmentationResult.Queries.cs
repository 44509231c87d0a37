using DeconvNet.Imaging;
using DeconvNet.Imaging.Masks;
using DeconvNet.Imaging.Resampling;
using DeconvNet.Segmentation.Scores;

namespace DeconvNet.Segmentation;

/// <summary>Probability of a class at one pixel.</summary>
/// <param name="Name">The class name.</param>
/// <param name="Id">The class id.</param>
/// <param name="Probability">Probability, 0 … 1; all classes together sum to 1.</param>
public readonly record struct ClassProbability(string Name, byte Id, double Probability);

public sealed partial class SegmentationResult
{
    // Computed lazily; two threads that ask at once compute the same value.
    private ScoreMap? probabilities;

    private ScoreMap Probabilities => probabilities ??= ComputeProbabilities();

    /// <summary>The id of a class in the label map.</summary>
    /// <param name="name">Class name, as in <see cref="ClassNames"/>.</param>
    /// <exception cref="ArgumentException">The class does not exist; the message lists the classes.</exception>
    public byte ClassId(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        for (var id = 0; id < ClassNames.Count; id++)
        {
            if (ClassNames[id] == name)
                return (byte)id;
        }

        throw new ArgumentException($"There is no class '{name}'. The classes are {string.Join(", ", ClassNames)}.", nameof(name));
    }

    /// <summary>The mask of one or more classes.</summary>
    /// <param name="names">Class names. Classes that were not found have no pixels.</param>
    /// <exception cref="ArgumentException">No class is named, or a class does not exist.</exception>
    public BinaryMask Mask(params ReadOnlySpan<string> names)
    {
        var isAsked = Asked(names);
        var inside = new bool[Labels.Pixels.Length];
        for (var i = 0; i < inside.Length; i++)
            inside[i] = isAsked[Labels.Pixels[i]];
        return new BinaryMask(Labels.Width, Labels.Height, inside);
    }

    /// <summary>The probability of a class at each pixel of the photo, upsampled bilinearly from the merged scores. Computed on every call.</summary>
    /// <param name="name">The class name.</param>
    /// <exception cref="ArgumentException">The class does not exist.</exception>
    /// <exception cref="InvalidOperationException">The scores were not kept.</exception>
    public ProbabilityMap Probability(string name) => new(Labels.Width, Labels.Height, Probabilities.PlaneAt(ClassId(name), Labels.Size));

    /// <summary>
    /// The probability of each pixel's label, including background. It is low where a region was rejected because of <see cref="MinRegionConfidence"/>.
    /// Computed on every call.
    /// </summary>
    /// <exception cref="InvalidOperationException">The scores were not kept.</exception>
    public ProbabilityMap Confidence() => new(Labels.Width, Labels.Height, Probabilities.OfLabels(Labels));

    /// <summary>The probability of a pixel's label.</summary>
    /// <param name="x">Column in the photo.</param>
    /// <param name="y">Row in the photo.</param>
    /// <exception cref="ArgumentOutOfRangeException">The pixel is outside the photo.</exception>
    /// <exception cref="InvalidOperationException">The scores were not kept.</exception>
    public double ProbabilityAt(int x, int y)
    {
        var (column, row) = Taps(x, y);
        return Labels[x, y] < Probabilities.ClassCount ? Probabilities.At(Labels[x, y], column, row) : 0;
    }

    /// <summary>The probabilities of all classes at a pixel, most probable first.</summary>
    /// <param name="x">Column in the photo.</param>
    /// <param name="y">Row in the photo.</param>
    /// <exception cref="ArgumentOutOfRangeException">The pixel is outside the photo.</exception>
    /// <exception cref="InvalidOperationException">The scores were not kept.</exception>
    public IReadOnlyList<ClassProbability> ProbabilitiesAt(int x, int y)
    {
        var (column, row) = Taps(x, y);
        return
        [
            .. ClassNames.Take(Probabilities.ClassCount)
                .Select((name, id) => new ClassProbability(name, (byte)id, Probabilities.At(id, column, row)))
                .OrderByDescending(entry => entry.Probability),
        ];
    }

    /// <summary>Turns pixels whose label is less probable than a threshold into background.</summary>
    /// <param name="threshold">Minimum probability, 0 … 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is out of range.</exception>
    /// <exception cref="InvalidOperationException">The scores were not kept.</exception>
    public SegmentationResult WithMinConfidence(double threshold)
    {
        if (!(threshold is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "A threshold is a probability, 0 to 1.");
        var confidence = Probabilities.OfLabels(Labels);
        var labels = Labels.Pixels.ToArray();
        for (var i = 0; i < labels.Length; i++)
            labels[i] = confidence[i] < threshold ? (byte)0 : labels[i];
        return With(labels);
    }

    private SegmentationResult With(byte[] labels) => new(Photo, new LabelMap(Labels.Width, Labels.Height, labels), ClassNames)
    {
        Scores = Scores,
        MinRegionConfidence = MinRegionConfidence,
        Proposals = Proposals,
        Timings = Timings,
    };

    private bool[] Asked(ReadOnlySpan<string> names)
    {
        if (names.IsEmpty)
            throw new ArgumentException("Name at least one class.", nameof(names));
        var asked = new bool[256];
        foreach (var name in names)
            asked[ClassId(name)] = true;
        return asked;
    }

    private (LinearTap Column, LinearTap Row) Taps(int x, int y)
    {
        if ((uint)x >= (uint)Labels.Width)
            throw new ArgumentOutOfRangeException(nameof(x), x, $"The photo has the columns 0 to {Labels.Width - 1}.");
        if ((uint)y >= (uint)Labels.Height)
            throw new ArgumentOutOfRangeException(nameof(y), y, $"The photo has the rows 0 to {Labels.Height - 1}.");
        return (LinearTap.OnLine(x + 0.5, Labels.Width, Probabilities.Width), LinearTap.OnLine(y + 0.5, Labels.Height, Probabilities.Height));
    }
}
