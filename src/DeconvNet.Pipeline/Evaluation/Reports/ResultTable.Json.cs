using System.Text.Json;
using System.Text.Json.Serialization;

namespace DeconvNet.Evaluation.Reports;

public sealed partial record ResultTable
{
    /// <summary>
    /// The rows as JSON: <c>classes</c>, and in <c>rows</c> each <c>method</c>, <c>set</c>, <c>published</c>, <c>meanIoU</c> and <c>iou</c> by class as fractions,
    /// null if undefined; <c>images</c> and <c>secondsPerImage</c> of those measured here.
    /// </summary>
    public string ToJson() => JsonSerializer.Serialize(
        new TableJson(
            [.. ClassNames],
            [
                .. Rows.Select(row => new RowJson
                {
                    Method = row.Method,
                    Set = row.Set,
                    Published = row.IsPublished,
                    Images = row.IsPublished ? null : row.ImageCount,
                    SecondsPerImage = EvaluationReport.Figure(row.SecondsPerImage),
                    MeanIoU = EvaluationReport.Figure(row.MeanIoU),
                    Iou = [.. row.ClassIoU.Select(EvaluationReport.Figure)],
                }),
            ]),
        ReportsJson.Default.TableJson);
}

internal sealed record TableJson(string[] Classes, RowJson[] Rows);

internal sealed record RowJson
{
    public required string Method { get; init; }

    public required string Set { get; init; }

    public required bool Published { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Images { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SecondsPerImage { get; init; }

    public required double? MeanIoU { get; init; }

    public required double?[] Iou { get; init; }
}
