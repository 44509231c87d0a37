using System.Globalization;

namespace DeconvNet.Training;

/// <summary>Where training stands.</summary>
/// <param name="Stage">Index of the stage; the number of stages when all is done.</param>
/// <param name="Iteration">Steps done in it.</param>
/// <param name="Step">Steps done in all stages.</param>
/// <param name="Statistics">Batches done of the batch-norm statistics, which are taken when the last stage has done its steps.</param>
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

    /// <summary>Whether a run of these options comes by here.</summary>
    /// <param name="options">The recipe.</param>
    /// <param name="mayEndEarly">Whether a stage may end before its last step, so that fewer steps were done.</param>
    public bool IsIn(TrainingOptions options, bool mayEndEarly)
    {
        var done = options.Stages.Take(Stage).Sum(stage => (long)stage.Iterations) + Iteration;
        var iterations = Stage < options.Stages.Count ? options.Stages[Stage].Iterations : 0;
        return Stage <= options.Stages.Count && Iteration <= iterations && (mayEndEarly ? Step <= done : Step == done)
            && (Statistics == 0 || (Stage == options.Stages.Count - 1 && Iteration == iterations && Statistics <= options.StatisticsBatches));
    }
}
