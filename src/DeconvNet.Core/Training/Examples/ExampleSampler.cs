using System.Diagnostics.CodeAnalysis;

namespace DeconvNet.Training.Examples;

/// <summary>Samples examples with class balancing. Thread-safe.</summary>
internal sealed class ExampleSampler
{
    private readonly ExampleWindow[][] byClass;
    private readonly double[] cumulative;
    private readonly ExampleWindow[] anywhere;
    private readonly double anywhereShare;

    /// <param name="windows">Windows with a class.</param>
    /// <param name="balance">See <see cref="Stages.TrainingStage.ClassBalance"/>.</param>
    /// <param name="anywhere">Windows of any overlap.</param>
    /// <param name="anywhereShare">Fraction of draws from <paramref name="anywhere"/>.</param>
    public ExampleSampler(IEnumerable<ExampleWindow> windows, double balance, ExampleWindow[] anywhere, double anywhereShare)
    {
        byClass = [.. windows.GroupBy(window => window.ClassId).OrderBy(group => group.Key).Select(group => group.ToArray())];
        if (byClass.Length == 0 && anywhere.Length == 0)
            throw new InvalidDataException("The data set gives no training example: no image has an annotated object (for the second stage: none that a proposal overlaps enough).");

        cumulative = new double[byClass.Length];
        var sum = 0.0;
        for (var i = 0; i < byClass.Length; i++)
            cumulative[i] = sum += Math.Pow(byClass[i].Length, 1 - balance);
        this.anywhere = anywhere;
        this.anywhereShare = anywhere.Length == 0 ? 0 : byClass.Length == 0 ? 1 : anywhereShare;
    }

    [SuppressMessage("Performance", "CA1859", Justification = "The generator is a value that the caller goes on with.")]
    public ExampleWindow Draw(ref ExampleRandom random)
    {
        if (anywhereShare > 0 && random.NextDouble() < anywhereShare)
            return anywhere[random.NextInt(anywhere.Length)];

        var target = random.NextDouble() * cumulative[^1];
        var index = Array.BinarySearch(cumulative, target);
        // An exact hit belongs to the next class; the last class absorbs rounding errors.
        var windows = byClass[Math.Min(index < 0 ? ~index : index + 1, byClass.Length - 1)];
        return windows[random.NextInt(windows.Length)];
    }
}
