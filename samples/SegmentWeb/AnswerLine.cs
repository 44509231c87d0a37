using System.Text.Json.Serialization;
using DeconvNet.Imaging.Drawing;

namespace SegmentWeb;

/// <summary>A line of the answer to an upload.</summary>
/// <param name="State"><c>waiting</c>, <c>working</c>, <c>done</c> or <c>failed</c>.</param>
internal sealed record AnswerLine(string State)
{
    /// <summary>While waiting: the number of photos ahead.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Ahead { get; init; }

    /// <summary>While working: the fraction done, 0 … 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Fraction { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ResultSummary? Result { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }
}

/// <summary>The data of a result that the page needs; images are fetched by its id.</summary>
internal sealed record ResultSummary(string Id, int Width, int Height, IReadOnlyList<FoundClass> Classes, double Milliseconds)
{
    public static ResultSummary Of(StoredResult stored) => new(
        stored.Id,
        stored.Photo.Width,
        stored.Photo.Height,
        [.. stored.Result.Classes.Select(found => new FoundClass(found.Id, found.Name, found.Fraction, ColorOf(found.Id)))],
        stored.Result.Timings.Total.TotalMilliseconds);

    private static int[] ColorOf(byte id)
    {
        var color = ClassColors.Color(id);
        return [color.R, color.G, color.B];
    }
}

/// <summary>A class in the photo, with the color of its pixels.</summary>
internal sealed record FoundClass(int Id, string Name, double Fraction, int[] Color);
