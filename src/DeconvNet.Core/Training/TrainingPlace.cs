using System.Globalization;

namespace DeconvNet.Training;

/// <summary>Where training stands.</summary>
/// <param name="Stage">Index of the stage; the number of stages when all is done.</param>
/// <param name="Iteration">Steps done in it.</param>
/// <param name="Step">Steps since the optimizer's buffers were zero.</param>
internal readonly record struct TrainingPlace(int Stage, int Iteration, long Step)
{
    public static TrainingPlace? TryParse(string text)
    {
        var parts = text.Split(' ');
        return parts.Length == 3
            && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var stage)
            && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var iteration)
            && long.TryParse(parts[2], CultureInfo.InvariantCulture, out var step)
            && stage >= 0 && iteration >= 0 && step >= 0
            ? new TrainingPlace(stage, iteration, step)
            : null;
    }
}
