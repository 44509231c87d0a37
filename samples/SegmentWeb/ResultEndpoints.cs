using DeconvNet.Imaging.Drawing;
using DeconvNet.Segmentation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace SegmentWeb;

/// <summary>Images and data of a result, while it is kept.</summary>
internal static class ResultEndpoints
{
    public static void Map(RouteGroupBuilder result)
    {
        result.MapGet("/map.png", (string id, ResultStore results) => Answer(id, results, stored => Png(ClassMap.Draw(stored).EncodePng())));
        result.MapGet("/labels.png", (string id, ResultStore results) => Answer(id, results, stored => Png(stored.Result.Labels.EncodePng(), "labels.png")));
        result.MapGet("/result.json", (string id, ResultStore results) => Answer(
            id, results, stored => Results.Text(stored.Result.ToJson(), "application/json")));
        result.MapGet("/overlay.png", (string id, ResultStore results, string? classes, double? opacity) => Answer(
            id, results, stored => DrawOverlay(stored.Result, classes, opacity ?? OverlayOptions.Default.Opacity)));
        result.MapGet("/cutout.png", (string id, ResultStore results, string? classes) => Answer(
            id, results, stored => WithClasses(stored.Result, classes, names => Png(stored.Result.Cutout(names).EncodePng(), "cutout.png"))));
    }

    private static IResult Answer(string id, ResultStore results, Func<StoredResult, IResult> answer) =>
        results.TryGet(id, out var stored) ? answer(stored) : Results.Problem("This result is no longer kept. Segment the photo again.", statusCode: StatusCodes.Status404NotFound);

    private static IResult DrawOverlay(SegmentationResult result, string? classes, double opacity)
    {
        if (opacity is not (>= 0 and <= 1))
            return Results.Problem(FormattableString.Invariant($"The opacity is {opacity}; it must be 0 to 1."), statusCode: StatusCodes.Status400BadRequest);
        return string.IsNullOrEmpty(classes) ? Draw(classes is null ? null : []) : WithClasses(result, classes, Draw);

        IResult Draw(string[]? names) => Png(result.Overlay(new OverlayOptions { Opacity = opacity, Classes = names }).EncodePng(), "overlay.png");
    }

    private static IResult WithClasses(SegmentationResult result, string? classes, Func<string[], IResult> answer)
    {
        var names = (classes ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0 || names.FirstOrDefault(name => !result.ClassNames.Contains(name)) is not null)
            return Results.Problem($"The classes are '{classes}'; expected one or several, joined by commas, of {string.Join(", ", result.ClassNames)}.", statusCode: StatusCodes.Status400BadRequest);
        return answer(names);
    }

    private static FileContentHttpResult Png(byte[] png, string? name = null) => TypedResults.File(png, "image/png", name);
}
