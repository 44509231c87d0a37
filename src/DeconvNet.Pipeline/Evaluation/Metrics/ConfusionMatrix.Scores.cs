namespace DeconvNet.Evaluation.Metrics;

public sealed partial class ConfusionMatrix
{
    /// <summary>Number of pixels whose true class is <paramref name="id"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The class does not exist; also thrown by all members below.</exception>
    public long TruthCount(int id)
    {
        var row = Checked(id, nameof(id)) * ClassCount;
        var sum = 0L;
        for (var column = 0; column < ClassCount; column++)
            sum += counts[row + column];
        return sum;
    }

    /// <summary>Number of pixels predicted as class <paramref name="id"/>.</summary>
    public long PredictedCount(int id)
    {
        var sum = 0L;
        for (var i = Checked(id, nameof(id)); i < counts.Length; i += ClassCount)
            sum += counts[i];
        return sum;
    }

    /// <summary>
    /// Intersection over union of a class, 0 … 1: correct pixels divided by the pixels that belong to the class or were predicted as it. NaN if there are none.
    /// </summary>
    public double IoU(int id) => (double)this[id, id] / (TruthCount(id) + PredictedCount(id) - this[id, id]);

    /// <summary>Class accuracy (recall): the fraction of the class's pixels that were predicted correctly, 0 … 1; NaN if the class does not occur.</summary>
    public double Accuracy(int id) => (double)this[id, id] / TruthCount(id);

    /// <summary>Mean of <see cref="IoU"/> over the classes for which it is defined (VOC's measure); NaN if nothing was counted.</summary>
    public double MeanIoU => MeanOf(IoU);

    /// <summary>Mean of <see cref="Accuracy"/> over the classes that occur; NaN if nothing was counted.</summary>
    public double MeanAccuracy => MeanOf(Accuracy);

    /// <summary>Fraction of all counted pixels that were predicted correctly, 0 … 1; NaN if nothing was counted.</summary>
    public double PixelAccuracy => (double)Classes.Sum(id => this[id, id]) / PixelCount;

    /// <summary>Mean of <see cref="IoU"/> weighted by the number of true pixels of each class; NaN if nothing was counted.</summary>
    public double FrequencyWeightedIoU => Classes.Where(id => TruthCount(id) > 0).Sum(id => IoU(id) * TruthCount(id)) / PixelCount;

    private IEnumerable<int> Classes => Enumerable.Range(0, ClassCount);

    private double MeanOf(Func<int, double> score) =>
        Classes.Select(score).Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();
}
