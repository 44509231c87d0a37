using System.Globalization;
using DeconvNet.Training;
using Spectre.Console;

namespace Train;

/// <summary>Shows loss, rate, speed and remaining time: a bar per stage in a terminal, occasional lines if the output is redirected.</summary>
internal static class TrainingDisplay
{
    private const int LineEvery = 50;
    private const string Statistics = "statistics";

    public static async Task ShowAsync(Func<IProgress<TrainingProgress>, Task> train, TrainingOptions options)
    {
        var mean = new RunningMean();
        if (!AnsiConsole.Profile.Capabilities.Interactive)
        {
            await train(new DirectProgress<TrainingProgress>(step =>
            {
                mean.Add(step);
                if (step.Iteration % LineEvery == 0 || !double.IsNaN(step.MeanIoU) || step.Iteration == step.Iterations)
                    Console.WriteLine($"{Name(step)} {step.Iteration}/{step.Iterations} {Describe(step, mean)}");
            }));
            return;
        }

        await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async context =>
            {
                var bars = options.Stages.ToDictionary(stage => stage.Name, stage => context.AddTask(stage.Name, maxValue: stage.Iterations));
                var statistics = context.AddTask(Statistics, maxValue: Math.Max(1, options.StatisticsBatches));
                await train(new DirectProgress<TrainingProgress>(step =>
                {
                    mean.Add(step);
                    var bar = step.IsStatistics ? statistics : bars[step.Stage];
                    bar.Value = step.Iteration;
                    bar.Description = $"{Name(step)} {Describe(step, mean)}";
                }));
            });
    }

    private static string Name(TrainingProgress step) => step.IsStatistics ? Statistics : step.Stage;

    private static string Describe(TrainingProgress step, RunningMean mean)
    {
        var learned = step.IsStatistics
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"loss {mean.Loss:0.000}, accuracy {100 * mean.Accuracy:0.0} %, rate {step.LearningRate:0.0e+0}, ");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{learned}{mean.Validated}{step.ImagesPerSecond:0.0} images/s, {(int)step.Remaining.TotalHours}:{step.Remaining:mm\\:ss} left");
    }

    private sealed class RunningMean
    {
        private const double Fraction = 0.02;

        private string? stage;

        public double Loss { get; private set; }

        public double Accuracy { get; private set; }

        public string Validated { get; private set; } = "";

        public void Add(TrainingProgress step)
        {
            if (!double.IsNaN(step.MeanIoU))
                Validated = string.Create(CultureInfo.InvariantCulture, $"mean IoU {100 * step.MeanIoU:0.0} %, ");
            if (step.IsStatistics)
                return;
            var fraction = stage == step.Stage ? Fraction : 1;
            stage = step.Stage;
            Loss += fraction * (step.Loss - Loss);
            Accuracy += fraction * (step.PixelAccuracy - Accuracy);
        }
    }
}
