using System.Globalization;

namespace EvaluateDetail;

/// <summary>The curves of all methods as SVG.</summary>
internal static class DetailPlots
{
    /// <summary>Pixel accuracy within bands around the true outlines.</summary>
    public static string Outlines(IReadOnlyList<MethodDetail> details, int images) =>
        new LineChart
        {
            Title = string.Create(CultureInfo.InvariantCulture, $"pixels from an outline, at most; pixel accuracy on {images} images"),
            Numbers = [.. Enumerable.Range(1, details[0].Outlines.MaxWidth)],
            IsLinear = true,
            HasNamesBelow = true,
            Min = 0.3,
            Max = Math.Ceiling((20 * details.Max(detail => detail.Outlines.Within(detail.Outlines.MaxWidth).PixelAccuracy)) + 0.2) / 20,
        }.ToSvg(
        [
            .. details.Select(detail => (
                detail.Name,
                (IReadOnlyList<(int, double)>)[.. Enumerable.Range(1, detail.Outlines.MaxWidth).Select(width => (width, detail.Outlines.Within(width).PixelAccuracy))])),
        ]);

    /// <summary>Accuracy against probability; a calibrated method lies on the diagonal.</summary>
    public static string Reliability(IReadOnlyList<MethodDetail> details, int images) =>
        new LineChart
        {
            Title = string.Create(CultureInfo.InvariantCulture, $"probability of the best class in per cent; pixel accuracy on {images} images"),
            Numbers = [.. Enumerable.Range(0, 11).Select(i => 10 * i)],
            IsLinear = true,
            HasNamesBelow = true,
        }.ToSvg(
        [
            .. details.Select(detail => (
                detail.Name,
                (IReadOnlyList<(int, double)>)[.. detail.Reliability.Bins.Where(bin => bin.PixelCount > 0.0005 * detail.Whole.PixelCount).Select(bin => ((int)Math.Round(100 * bin.MeanProbability), bin.Accuracy))])),
            ("calibrated", [(0, 0), (100, 1)]),
        ]);
}
