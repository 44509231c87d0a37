using System.Text.Json;
using DeconvNet.Evaluation.Metrics;
using DeconvNet.Evaluation.Reports;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Evaluation;

public sealed class EvaluationReportTests
{
    private static readonly EvaluationReport Report = Make();

    [Fact]
    public void The_text_has_a_row_a_class_and_the_totals()
    {
        var lines = Report.ToText().Split(Environment.NewLine);

        Assert.Equal(["class", "IoU", "%", "found", "%"], Words(lines[0]));
        Assert.Equal(["sky", "66.67", "66.67"], Words(lines[1]));
        Assert.Equal(["moon", "–", "–"], Words(lines[3]));
        Assert.Contains(lines, line => Words(line) is ["mean", "IoU", "%", "58.33"]);
        Assert.Contains(lines, line => Words(line) is ["seconds", "per", "image", "0.75"]);
        Assert.Single(lines[..4].Select(line => line.Length).Distinct());
    }

    [Fact]
    public void The_Markdown_has_the_same_columns_in_every_row()
    {
        var lines = Report.ToMarkdown().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("| sky | 66.67 | 66.67 |", lines[2]);
        Assert.Contains("| **pixel accuracy %** | **75.00** | |", lines);
        Assert.All(lines, line => Assert.Equal(4, line.Count(letter => letter == '|')));
    }

    [Fact]
    public void The_JSON_holds_figures_names_and_counts()
    {
        using var json = JsonDocument.Parse(Report.ToJson());
        var root = json.RootElement;

        Assert.Equal("val", root.GetProperty("title").GetString());
        Assert.Equal(2, root.GetProperty("images").GetInt32());
        Assert.Equal(Report.Confusion.MeanIoU, root.GetProperty("meanIoU").GetDouble());
        Assert.Equal(0.75, root.GetProperty("pixelAccuracy").GetDouble());
        Assert.Equal("star", root.GetProperty("classes")[1].GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("classes")[2].GetProperty("iou").ValueKind);
        Assert.Equal(Report.Confusion.ToJson(), ConfusionMatrix.FromJson(root.GetProperty("confusion").GetRawText()).ToJson());
    }

    [Fact]
    public void The_report_of_nothing_prints_dashes()
    {
        var empty = new EvaluationReport(["a"], new ConfusionMatrix(1));

        Assert.Contains("–", empty.ToText(), StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", empty.ToText() + empty.ToMarkdown() + empty.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_does_not_change_with_the_matrix_that_it_was_made_of()
    {
        var matrix = new ConfusionMatrix(1);
        string[] names = ["a"];
        var report = new EvaluationReport(names, matrix);
        matrix.Add([0], [0]);
        names[0] = "b";

        Assert.Equal((0, "a"), (report.Confusion.PixelCount, report.ClassNames[0]));
        Assert.Throws<InvalidOperationException>(() => report.Confusion.Add([0], [0]));
        Assert.Throws<InvalidOperationException>(() => report.Confusion.Merge(matrix));
        var sum = new ConfusionMatrix(1);
        sum.Merge(report.Confusion);
        Assert.Same(report.Confusion, report.Confusion.AsReadOnly());
    }

    [Fact]
    public void Names_that_do_not_fit_the_matrix_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new EvaluationReport(["a"], new ConfusionMatrix(2)));
        Assert.Throws<ArgumentException>(() => new EvaluationReport([null!], new ConfusionMatrix(1)));
        Assert.Throws<ArgumentNullException>(() => new EvaluationReport(null!, new ConfusionMatrix(1)));
        Assert.Throws<ArgumentNullException>(() => new EvaluationReport(["a"], null!));
    }

    [Fact]
    public void A_saved_report_replaces_an_older_one_and_leaves_nothing_else()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["report.json"], new string('x', 100_000));

        Report.SaveJson(folder["report.json"]);

        Assert.Equal(Report.ToJson(), File.ReadAllText(folder["report.json"]));
        Assert.Single(Directory.GetFiles(folder.Root));
        Assert.Throws<DirectoryNotFoundException>(() => Report.SaveJson(folder["missing/report.json"]));
    }

    private static EvaluationReport Make()
    {
        var matrix = new ConfusionMatrix(3);
        matrix.Add(prediction: [0, 0, 1, 1], truth: [0, 0, 0, 1]);
        return new EvaluationReport(["sky", "star", "moon"], matrix) { Title = "val", ImageCount = 2, SegmentationTime = TimeSpan.FromSeconds(1.5) };
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
