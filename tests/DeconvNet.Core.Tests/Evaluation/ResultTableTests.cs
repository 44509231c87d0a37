using System.Text.Json;
using DeconvNet.Evaluation.Reports;

namespace DeconvNet.Tests.Evaluation;

public class ResultTableTests
{
    private static readonly ResultTable Table = new(
        ["background", "diningtable", "cat"],
        [
            new ResultRow("fcn8s", "val", [0.9, double.NaN, 0.25], 0.575) { ImageCount = 7, SecondsPerImage = 0.5 },
            new ResultRow("Paper, \"best\"", "VOC2012 test", [0.927, 0.602, 0.795], 0.696) { IsPublished = true },
        ]);

    [Fact]
    public void The_text_has_a_row_a_method_and_marks_published_ones()
    {
        var lines = Table.ToText().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(4, lines.Length);
        Assert.Equal(["method", "set", "bkg", "table", "cat", "mean"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["fcn8s", "val", "90.0", "–", "25.0", "57.5"], lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.EndsWith("92.7   60.2   79.5   69.6", lines[2], StringComparison.Ordinal);
        Assert.Contains("* VOC2012 test", lines[2].Replace("  ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.StartsWith("* published", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_has_as_many_cells_in_every_row()
    {
        var lines = Table.ToMarkdown().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(4, lines.Length);
        Assert.All(lines, line => Assert.Equal(8, line.Count(letter => letter == '|')));
        Assert.Contains("val, 7 images", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("| 0.50 |", lines[2], StringComparison.Ordinal);
        Assert.Contains("(published)", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Csv_quotes_and_leaves_unknown_values_empty()
    {
        var lines = Table.ToCsv().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal("source,method,set,background,diningtable,cat,mean,images,seconds_per_image", lines[0]);
        Assert.Equal("measured,fcn8s,val,90.0000,,25.0000,57.5000,7,0.500", lines[1]);
        Assert.Equal("published,\"Paper, \"\"best\"\"\",VOC2012 test,92.7000,60.2000,79.5000,69.6000,,", lines[2]);
    }

    [Fact]
    public void Json_holds_every_figure()
    {
        using var json = JsonDocument.Parse(Table.ToJson());
        var row = json.RootElement.GetProperty("rows")[0];
        Assert.Equal("fcn8s", row.GetProperty("method").GetString());
        Assert.Equal(JsonValueKind.Null, row.GetProperty("iou")[1].ValueKind);
        Assert.Equal(0.25, row.GetProperty("iou")[2].GetDouble());
        Assert.Equal(7, row.GetProperty("images").GetInt32());
        Assert.True(json.RootElement.GetProperty("rows")[1].GetProperty("published").GetBoolean());
    }
}
