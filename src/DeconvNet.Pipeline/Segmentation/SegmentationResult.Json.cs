using System.Text.Json;
using System.Text.Json.Serialization;
using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

public sealed partial class SegmentationResult
{
    /// <summary>
    /// A summary as JSON: <c>width</c>, <c>height</c>, <c>classes</c> (id, name, pixels, fraction), <c>proposals</c> (box and crop as
    /// [x0, y0, x1, y1], score or null for the whole photo) and <c>milliseconds</c> by stage. Labels and scores are not included.
    /// </summary>
    public string ToJson() => JsonSerializer.Serialize(
        new ResultSummary(
            Labels.Width,
            Labels.Height,
            Classes,
            [.. Proposals.Select(proposal => new ProposalSummary(Corners(proposal.Box), Corners(proposal.Crop), float.IsFinite(proposal.Score) ? proposal.Score : null))],
            new StageSummary(
                Timings.Proposals.TotalMilliseconds,
                Timings.Crops.TotalMilliseconds,
                Timings.Network.TotalMilliseconds,
                Timings.Merge.TotalMilliseconds,
                Timings.Crf.TotalMilliseconds,
                Timings.Total.TotalMilliseconds)),
        SegmentationJson.Default.ResultSummary);

    private static int[] Corners(PixelBox box) => [box.X0, box.Y0, box.X1, box.Y1];
}

internal sealed record ResultSummary(int Width, int Height, IReadOnlyList<ClassFraction> Classes, IReadOnlyList<ProposalSummary> Proposals, StageSummary Milliseconds);

internal sealed record ProposalSummary(int[] Box, int[] Crop, float? Score);

internal sealed record StageSummary(double Proposals, double Crops, double Network, double Merge, double Crf, double Total);

// Generated, since an application that is trimmed or compiled ahead of time has no reflection for JSON.
[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ResultSummary))]
internal sealed partial class SegmentationJson : JsonSerializerContext;
