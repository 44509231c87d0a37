using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace SegmentWeb;

/// <summary>Pictures and numbers of a result, while it is kept.</summary>
internal static class ResultEndpoints
{
    private const double UsualOpacity = 0.55;

    public static void Map(RouteGroupBuilder result)
    {
        result.MapGet("/map.png", (string id, ResultStore results) => Answer(id, results, stored => Png(ClassMap.Draw(stored).EncodePng())));
        result.MapGet("/labels.png", (string id, ResultStore results) => Answer(id, results, stored => Png(stored.Result.Labels.EncodePng(), "labels.png")));
        result.MapGet("/result.json", (string id, ResultStore results) => Answer(
            id, results, stored => Results.Text(stored.Result.ToJson(), "application/json")));
        result.MapGet("/overlay.png", (string id, ResultStore results, string? classes, double? opacity) => Answer(
            id, results, stored => DrawOverlay(stored.Result, stored.Photo, classes, opacity ?? UsualOpacity)));
    }

    private static IResult Answer(string id, ResultStore results, Func<StoredResult, IResult> answer) =>
        results.TryGet(id, out var stored) ? answer(stored) : Results.Problem("This result is no longer kept. Segment the photo again.", statusCode: StatusCodes.Status404NotFound);

    private static IResult DrawOverlay(SegmentationResult result, RgbImage photo, string? classes, double opacity)
    {
        if (opacity is not (>= 0 and <= 1))
            return Results.Problem(FormattableString.Invariant($"The opacity is {opacity}; it must be 0 to 1."), statusCode: StatusCodes.Status400BadRequest);
        if (classes is null)
            return Png(result.Overlay(opacity).EncodePng(), "overlay.png");

        var wanted = new bool[256];
        foreach (var name in classes.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var index = result.ClassNames.ToList().IndexOf(name);
            if (index < 0)
                return Results.Problem($"There is no class '{name}'; there are {string.Join(", ", result.ClassNames)}.", statusCode: StatusCodes.Status400BadRequest);
            wanted[index] = true;
        }

        var labels = result.Labels.Pixels.ToArray();
        for (var i = 0; i < labels.Length; i++)
        {
            if (!wanted[labels[i]])
                labels[i] = 0;
        }

        var shown = new SegmentationResult(photo, new LabelMap(photo.Width, photo.Height, labels), result.ClassNames);
        return Png(shown.Overlay(opacity).EncodePng(), "overlay.png");
    }

    private static FileContentHttpResult Png(byte[] png, string? name = null) => TypedResults.File(png, "image/png", name);
}
