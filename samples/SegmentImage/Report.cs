using System.Globalization;
using DeconvNet.Segmentation;
using Spectre.Console;

namespace SegmentImage;

internal static class Report
{
    public static void Print(string photo, SegmentationResult result, TimeSpan read, TimeSpan loaded)
    {
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{Path.GetFileName(photo)}[/], {result.Labels.Width} × {result.Labels.Height} pixels, {result.Proposals.Count} proposals");
        if (result.Classes.Count == 0)
            AnsiConsole.WriteLine("Only background was found.");
        else
            AnsiConsole.Write(Classes(result));
        AnsiConsole.Write(Times(result.Timings, read, loaded));
    }

    private static Table Classes(SegmentationResult result)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("class").AddColumn(new TableColumn("pixels").RightAligned());
        foreach (var (name, fraction) in result.Classes)
            table.AddRow(new Text(name), new Text(FormattableString.Invariant($"{100 * fraction:0.0} %")));
        return table;
    }

    private static Table Times(SegmentationTimings timings, TimeSpan read, TimeSpan loaded)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("stage").AddColumn(new TableColumn("time").RightAligned());
        Add("read photo", read);
        Add("load weights", loaded);
        Add("proposals", timings.Proposals);
        Add("crops", timings.Crops);
        Add("network", timings.Network);
        Add("merge", timings.Merge);
        if (timings.Crf > TimeSpan.Zero)
            Add("crf", timings.Crf);
        Add("total", read + loaded + timings.Total);
        return table;

        void Add(string stage, TimeSpan time) => table.AddRow(stage, FormattableString.Invariant($"{time.TotalMilliseconds:0} ms"));
    }
}
