using System.Globalization;
using DeconvNet.Data;
using DeconvNet.Evaluation;
using DeconvNet.Segmentation;
using Spectre.Console;

namespace EvaluateVoc;

/// <summary>An evaluation while it runs, and its table afterwards.</summary>
internal static class EvaluationDisplay
{
    public static EvaluationReport Run(ISegmenter segmenter, VocDataset images, CancellationToken cancellationToken)
    {
        // The progress goes to the error stream, so that the table can be piped.
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context =>
            {
                var task = context.AddTask($"{images.Count} images", maxValue: images.Count);
                return segmenter.Evaluate(images, new DirectProgress<EvaluationProgress>(step => Show(step, task)), cancellationToken);
            });
    }

    public static void Print(EvaluationReport report)
    {
        var table = new Table().Border(TableBorder.Rounded)
            .AddColumn("class")
            .AddColumn(new TableColumn("IoU %").RightAligned())
            .AddColumn(new TableColumn("found %").RightAligned());
        foreach (var row in report.Classes)
            table.AddRow(row.Name, Percent(row.IoU), Percent(row.Accuracy));

        table.AddEmptyRow();
        foreach (var (name, value) in report.Totals)
            table.AddRow(name, value);
        AnsiConsole.Write(table);
    }

    private static void Show(EvaluationProgress step, ProgressTask task)
    {
        // A set may take days on a small machine: hours are counted on.
        task.Description = string.Create(
            CultureInfo.InvariantCulture,
            $"{step.Done} of {step.Total}, mean IoU {Percent(step.MeanIoU)} %, {(int)step.Remaining.TotalHours}:{step.Remaining:mm\\:ss} left");
        task.Value = step.Done;
    }

    private static string Percent(double share) =>
        double.IsNaN(share) ? "–" : (100 * share).ToString("F2", CultureInfo.InvariantCulture);
}
