using System.Globalization;

namespace DeconvNet.Training;

/// <summary>Position of a training.</summary>
/// <param name="Stage">Index of the stage; the number of stages at the end.</param>
/// <param name="Iteration">Number of steps done in the stage.</param>
/// <param name="Step">Number of steps done in all stages.</param>
/// <param name="Statistics">Number of batches done for the batch norm statistics, which follow the last stage.</param>
internal readonly record struct TrainingPlace(int Stage, int Iteration, long Step, int Statistics)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Stage} {Iteration} {Step} {Statistics}");

    public static TrainingPlace? TryParse(string text)
    {
        var parts = text.Split(' ');
        return parts.Length == 4
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var stage)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var iteration)
            && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var step)
            && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var statistics)
            ? new TrainingPlace(stage, iteration, step, statistics)
            : null;
    }

    /// <summary>Whether a run with the given options passes this position.</summary>
    /// <param name="options">The recipe.</param>
    /// <param name="mayEndEarly">Whether stages may end early, so that fewer steps were done.</param>
    public bool IsIn(TrainingOptions options, bool mayEndEarly)
    {
        var done = options.Stages.Take(Stage).Sum(stage => (long)stage.Iterations) + Iteration;
        var iterations = Stage < options.Stages.Count ? options.Stages[Stage].Iterations : 0;
        return Stage <= options.Stages.Count && Iteration <= iterations && (mayEndEarly ? Step <= done : Step == done)
            && (Statistics == 0 || (Stage == options.Stages.Count - 1 && Iteration == iterations && Statistics <= options.StatisticsBatches));
    }
}
