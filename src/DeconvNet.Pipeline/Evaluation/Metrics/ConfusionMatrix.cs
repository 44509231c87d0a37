using DeconvNet.Imaging;

namespace DeconvNet.Evaluation.Metrics;

/// <summary>
/// Number of pixels for each pair of true and predicted class, counted in 64 bits. Pixels whose true label is <see cref="LabelMap.Void"/> are ignored.
/// Not thread-safe: use one per thread and <see cref="Merge"/> them.
/// </summary>
public sealed partial class ConfusionMatrix
{
    // Row-major: row = truth, column = prediction.
    private readonly long[] counts;
    private bool isReadOnly;

    /// <summary>Creates an empty matrix.</summary>
    /// <param name="classCount">Number of classes including background, 1 … 255.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is not in 1 … 255.</exception>
    public ConfusionMatrix(int classCount)
    {
        if (classCount is < 1 or > LabelMap.Void)
            throw new ArgumentOutOfRangeException(nameof(classCount), classCount, $"A confusion matrix has 1 … {LabelMap.Void} classes.");

        ClassCount = classCount;
        counts = new long[classCount * classCount];
    }

    /// <summary>Number of classes including background.</summary>
    public int ClassCount { get; }

    /// <summary>Number of pixels of class <paramref name="truth"/> that were predicted as class <paramref name="prediction"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The class does not exist.</exception>
    public long this[int truth, int prediction] => counts[(Checked(truth, nameof(truth)) * ClassCount) + Checked(prediction, nameof(prediction))];

    /// <summary>A read-only copy; this matrix itself if it is already read-only.</summary>
    public ConfusionMatrix AsReadOnly()
    {
        if (isReadOnly)
            return this;
        var copy = new ConfusionMatrix(ClassCount);
        copy.Merge(this);
        copy.isReadOnly = true;
        return copy;
    }

    /// <summary>Number of pixels counted.</summary>
    public long PixelCount => counts.Sum();

    /// <summary>Counts the pixels of one image.</summary>
    /// <param name="prediction">Predicted classes.</param>
    /// <param name="truth">True classes, of the same size; <see cref="LabelMap.Void"/> pixels are ignored.</param>
    /// <exception cref="ArgumentException">The sizes differ, or a value is not a class; nothing is counted then.</exception>
    /// <exception cref="InvalidOperationException">The matrix is read-only.</exception>
    public void Add(LabelMap prediction, LabelMap truth)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(truth);
        if ((prediction.Width, prediction.Height) != (truth.Width, truth.Height))
        {
            throw new ArgumentException(
                $"The prediction has {prediction.Width}×{prediction.Height} pixels, the truth {truth.Width}×{truth.Height}.", nameof(prediction));
        }

        Add(prediction.Pixels, truth.Pixels);
    }

    /// <summary>Counts pixels.</summary>
    /// <param name="prediction">Predicted classes.</param>
    /// <param name="truth">True classes, of the same length; <see cref="LabelMap.Void"/> pixels are ignored.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a value is not a class; nothing is counted then.</exception>
    /// <exception cref="InvalidOperationException">The matrix is read-only.</exception>
    public void Add(ReadOnlySpan<byte> prediction, ReadOnlySpan<byte> truth)
    {
        if (prediction.Length != truth.Length)
            throw new ArgumentException($"There are {prediction.Length} predicted pixels, but {truth.Length} true ones.", nameof(prediction));

        RequireWritable();
        CheckValues(prediction, truth);
        for (var i = 0; i < truth.Length; i++)
        {
            if (truth[i] != LabelMap.Void)
                counts[(truth[i] * ClassCount) + prediction[i]]++;
        }
    }

    /// <summary>Counts pixels of one pair of classes.</summary>
    internal void Add(int truth, int prediction, long pixels)
    {
        RequireWritable();
        ArgumentOutOfRangeException.ThrowIfNegative(pixels);
        ref var count = ref counts[(Checked(truth, nameof(truth)) * ClassCount) + Checked(prediction, nameof(prediction))];
        count = checked(count + pixels);
    }

    /// <summary>Adds the counts of another matrix.</summary>
    /// <exception cref="ArgumentException">The number of classes differs.</exception>
    /// <exception cref="InvalidOperationException">The matrix is read-only.</exception>
    public void Merge(ConfusionMatrix other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.ClassCount != ClassCount)
            throw new ArgumentException($"A matrix of {other.ClassCount} classes cannot be added to one of {ClassCount}.", nameof(other));

        RequireWritable();
        for (var i = 0; i < counts.Length; i++)
            counts[i] = checked(counts[i] + other.counts[i]);
    }

    private void RequireWritable()
    {
        if (isReadOnly)
            throw new InvalidOperationException("The confusion matrix is that of a report, which does not change. Merge it into a new one.");
    }

    private void CheckValues(ReadOnlySpan<byte> prediction, ReadOnlySpan<byte> truth)
    {
        if (ClassCount < LabelMap.Void)
        {
            var wrong = truth.IndexOfAnyInRange((byte)ClassCount, (byte)(LabelMap.Void - 1));
            if (wrong >= 0)
                throw new ArgumentException($"The truth at pixel {wrong} is {truth[wrong]}; expected 0 … {ClassCount - 1} or {LabelMap.Void}.", nameof(truth));
        }

        // Where the truth is Void, the prediction is ignored and may be anything.
        for (var i = prediction.IndexOfAnyInRange((byte)ClassCount, byte.MaxValue); i >= 0 && i < prediction.Length; i++)
        {
            if (prediction[i] >= ClassCount && truth[i] != LabelMap.Void)
                throw new ArgumentException($"The prediction at pixel {i} is {prediction[i]}; expected 0 … {ClassCount - 1}.", nameof(prediction));
        }
    }

    private int Checked(int id, string name) => (uint)id < (uint)ClassCount
        ? id
        : throw new ArgumentOutOfRangeException(name, id, $"The classes are 0 … {ClassCount - 1}.");
}
