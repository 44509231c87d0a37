using DeconvNet.Evaluation.Metrics;
using DeconvNet.Imaging;
using DeconvNet.Segmentation;

namespace EvaluateDetail;

/// <summary>All measurements of one method.</summary>
internal sealed class MethodDetail(string name, int classCount)
{
    private readonly List<double> falseAlarms = [];

    public string Name => name;

    public ConfusionMatrix Whole { get; } = new(classCount);

    public TrimapEvaluation Outlines { get; } = new(classCount);

    public ReliabilityDiagram Reliability { get; } = new();

    /// <summary>Mean fraction of a photo without objects that is labeled as an object; NaN without such photos.</summary>
    public double FalseAlarms => falseAlarms.Count == 0 ? double.NaN : falseAlarms.Average();

    /// <summary>Fraction of these photos whose result is entirely background.</summary>
    public double Silent => falseAlarms.Count == 0 ? double.NaN : (double)falseAlarms.Count(fraction => fraction == 0) / falseAlarms.Count;

    public void Add(SegmentationResult result, LabelMap truth)
    {
        Whole.Add(result.Labels, truth);
        Outlines.Add(result.Labels, truth);

        // Probabilities are at the working size: the ground truth is sampled at the centers of its pixels.
        var probabilities = result.ComputeProbabilities();
        var (width, height) = (probabilities.Width, probabilities.Height);
        var labels = probabilities.ToLabels(width, height);
        var best = new float[width * height];
        for (var i = 0; i < best.Length; i++)
            best[i] = probabilities.Plane(labels.Pixels[i])[i];

        var there = new byte[best.Length];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                there[(y * width) + x] = truth[(int)((x + 0.5) * truth.Width / width), (int)((y + 0.5) * truth.Height / height)];
        }

        Reliability.Add(labels, best, new LabelMap(width, height, there));
    }

    public void AddEmpty(SegmentationResult result) => falseAlarms.Add(result.Classes.Sum(found => found.Fraction));
}
