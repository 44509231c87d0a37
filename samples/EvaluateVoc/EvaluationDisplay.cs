using System.Globalization;
using DeconvNet.Datasets;
using DeconvNet.Evaluation;
using DeconvNet.Evaluation.Reports;
using Spectre.Console;

namespace EvaluateVoc;

/// <summary>Shows the progress of an evaluation, then its tables.</summary>
internal static class EvaluationDisplay
{
    public static IReadOnlyList<EvaluationReport> Run(
        IReadOnlyList<EvaluationMethod> methods, ISegmentationDataset images, EvaluationFolder? folder, CancellationToken cancellationToken)
    {
        // Progress goes to the error stream, so that the tables can be piped.
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context =>
            {
                var task = context.AddTask($"{images.Count} images", maxValue: images.Count);
                return SegmentationEvaluator.Evaluate(
                    methods, images, folder, new DirectProgress<EvaluationProgress>(step => Show(step, methods[0].Name, task)), cancellationToken);
            });
    }

    public static void Print(IReadOnlyList<EvaluationReport> reports, ResultTable table)
    {
        foreach (var report in reports)
            Console.WriteLine(string.Join(", ", report.Totals.Select(total => $"{total.Name} {total.Value}").Prepend(report.Method)));
        Console.WriteLine();

        // Not a table of the console: 22 columns must stay on one line to be piped.
        Console.Write(table.ToText());
    }

    private static void Show(EvaluationProgress step, string method, ProgressTask task)
    {
        // A set may take days on a small machine, so hours may exceed 24.
        task.Description = string.Create(
            CultureInfo.InvariantCulture,
            $"{step.Done} of {step.Total}, mean IoU of {method} {Percent(step.MeanIoU)} %, {(int)step.Remaining.TotalHours}:{step.Remaining:mm\\:ss} left");
        task.Value = step.Done;
    }

    private static string Percent(double fraction) =>
        double.IsNaN(fraction) ? "–" : (100 * fraction).ToString("F2", CultureInfo.InvariantCulture);
}
