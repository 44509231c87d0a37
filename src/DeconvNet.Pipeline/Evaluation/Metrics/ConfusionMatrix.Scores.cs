namespace DeconvNet.Evaluation.Metrics;

public sealed partial class ConfusionMatrix
{
    /// <summary>Pixels whose true class is <paramref name="id"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class, as for every member below.</exception>
    public long TruthCount(int id)
    {
        var row = Checked(id, nameof(id)) * ClassCount;
        var sum = 0L;
        for (var column = 0; column < ClassCount; column++)
            sum += counts[row + column];
        return sum;
    }

    /// <summary>Pixels that were given the class <paramref name="id"/>.</summary>
    public long PredictedCount(int id)
    {
        var sum = 0L;
        for (var i = Checked(id, nameof(id)); i < counts.Length; i += ClassCount)
            sum += counts[i];
        return sum;
    }

    /// <summary>
    /// Intersection over union of a class, 0 … 1: right pixels divided by the pixels that are of the class or were given it. NaN where there are neither.
    /// </summary>
    public double IoU(int id) => (double)this[id, id] / (TruthCount(id) + PredictedCount(id) - this[id, id]);

    /// <summary>Class accuracy: the fraction of its pixels that were found, 0 … 1; NaN where the class does not occur.</summary>
    public double Accuracy(int id) => (double)this[id, id] / TruthCount(id);

    /// <summary>Mean of <see cref="IoU"/> over the classes that have one (VOC's measure); NaN where nothing was counted.</summary>
    public double MeanIoU => MeanOf(IoU);

    /// <summary>Mean of <see cref="Accuracy"/> over the classes that occur; NaN where nothing was counted.</summary>
    public double MeanAccuracy => MeanOf(Accuracy);

    /// <summary>The fraction of the counted pixels that have the right class, 0 … 1; NaN where nothing was counted.</summary>
    public double PixelAccuracy => (double)Classes.Sum(id => this[id, id]) / PixelCount;

    /// <summary>Mean of <see cref="IoU"/> weighted by the number of true pixels of each class; NaN where nothing was counted.</summary>
    public double FrequencyWeightedIoU => Classes.Where(id => TruthCount(id) > 0).Sum(id => IoU(id) * TruthCount(id)) / PixelCount;

    private IEnumerable<int> Classes => Enumerable.Range(0, ClassCount);

    private double MeanOf(Func<int, double> score) =>
        Classes.Select(score).Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();
}
