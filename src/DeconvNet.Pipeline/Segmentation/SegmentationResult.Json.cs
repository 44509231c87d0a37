using System.Text.Json;
using System.Text.Json.Serialization;
using DeconvNet.Imaging;
using DeconvNet.Imaging.Masks;

namespace DeconvNet.Segmentation;

public sealed partial class SegmentationResult
{
    /// <summary>
    /// A summary as JSON: <c>width</c>, <c>height</c>, <c>classes</c> (id, name, pixels, fraction), <c>regions</c> (see <see cref="Regions"/>; class id and name, box,
    /// pixels, confidence or null, outline and holes as lists of [x, y], simplified by at most one pixel), <c>proposals</c> (box and crop as [x0, y0, x1, y1], score or null for the
    /// whole photo) and <c>milliseconds</c> per stage. Labels and scores are not included; <see cref="CocoFile"/> writes files for COCO's tools.
    /// </summary>
    public string ToJson() => JsonSerializer.Serialize(
        new ResultSummary(
            Labels.Width,
            Labels.Height,
            Classes,
            [.. Regions().Select(Summary)],
            [.. Proposals.Select(proposal => new ProposalSummary(Corners(proposal.Box), Corners(proposal.Crop), float.IsFinite(proposal.Score) ? proposal.Score : null))],
            new StageSummary(
                Timings.Proposals.TotalMilliseconds,
                Timings.Crops.TotalMilliseconds,
                Timings.Network.TotalMilliseconds,
                Timings.Merge.TotalMilliseconds,
                Timings.Crf.TotalMilliseconds,
                Timings.Total.TotalMilliseconds)),
        SegmentationJson.Default.ResultSummary);

    private static RegionSummary Summary(Region region)
    {
        var outline = region.Outline();
        return new(region.ClassId, region.Name, Corners(region.Box), region.Area, region.Confidence, Points(outline.Outer), [.. outline.Holes.Select(Points)]);

        static int[][] Points(IReadOnlyList<GridPoint> ring) => [.. ring.Select(point => new[] { point.X, point.Y })];
    }

    private static int[] Corners(PixelBox box) => [box.X0, box.Y0, box.X1, box.Y1];
}

internal sealed record ResultSummary(int Width, int Height, IReadOnlyList<ClassFraction> Classes, IReadOnlyList<RegionSummary> Regions, IReadOnlyList<ProposalSummary> Proposals, StageSummary Milliseconds);

internal sealed record RegionSummary(byte Id, string Name, int[] Box, long Pixels, double? Confidence, int[][] Outline, int[][][] Holes);

internal sealed record ProposalSummary(int[] Box, int[] Crop, float? Score);

internal sealed record StageSummary(double Proposals, double Crops, double Network, double Merge, double Crf, double Total);

// Source-generated, since trimmed and ahead-of-time compiled applications have no reflection-based JSON.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ResultSummary))]
internal sealed partial class SegmentationJson : JsonSerializerContext;
