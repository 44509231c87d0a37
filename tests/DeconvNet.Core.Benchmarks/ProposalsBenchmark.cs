using DeconvNet.Engine;
using DeconvNet.Imaging;
using DeconvNet.Proposals.Edges;
using DeconvNet.Proposals.Ranking;
using DeconvNet.Proposals.Search;
using DeconvNet.Weights;

namespace DeconvNet.Benchmarks;

/// <summary>Edge Boxes with the published options, on one thread and on all, beside OpenCV's; and what finding boxes, ranked ones too, adds to a segmentation.</summary>
internal static class ProposalsBenchmark
{
    private static readonly EdgeBoxes single = new(new EdgeBoxesOptions { MaxDegreeOfParallelism = 1 });
    private static readonly EdgeBoxes parallel = new();
    private static readonly RankedEdgeBoxes ranked = new();

    public static void Run(TimeSpan duration)
    {
        foreach (var path in Photo.Paths)
            CompareBoxes(Path.GetFileName(path), RgbImage.Load(path), duration);
        CompareStages(Photo.Load(), duration);
    }

    private static void CompareBoxes(string name, RgbImage photo, TimeSpan duration)
    {
        var (_, orientation, thin) = Edges(photo);
        using var openCv = new OpenCvEdgeBoxes(thin, orientation);
        var count = 0;
        Comparison.Run(
            $"proposals: all boxes of {name}, {photo.Width}×{photo.Height}, edges and orientation given",
            duration,
            [
                .. openCv.Contenders,
                new("EdgeBoxes, 1 thread", () => count = single.Generate(thin, orientation).Count),
                new($"EdgeBoxes, {Environment.ProcessorCount} threads", () => parallel.Generate(thin, orientation)),
            ]);
        Console.WriteLine(openCv.Remark(count));
    }

    private static void CompareStages(RgbImage photo, TimeSpan duration)
    {
        using var model = CompactWeights.DeconvNet.LoadModel();
        using var segmenter = model.CreateSegmenter();
        var (edges, orientation, thin) = Edges(photo);
        var wanted = segmenter.Options.MaxProposals!.Value;
        Comparison.Run(
            $"proposals: stages on {Environment.ProcessorCount} threads, {photo.Width}×{photo.Height}, against the whole segmentation by the default weights, {wanted} proposals",
            duration,
            new("segmentation", () => segmenter.Segment(photo)),
            new("edges", () => new GradientEdges().Detect(photo)),
            new("orientation", () => EdgeOrientation.Compute(edges)),
            new("suppression", () => EdgeSuppression.Suppress(edges, orientation)),
            new("boxes", () => parallel.Generate(thin, orientation, wanted)),
            new("photo to boxes, as published", () => parallel.Generate(photo, wanted)),
            new("photo to boxes, ranked", () => ranked.Generate(photo, wanted)));
    }

    private static (EdgeMap Edges, EdgeMap Orientation, EdgeMap Thin) Edges(RgbImage photo)
    {
        var edges = new GradientEdges().Detect(photo);
        var orientation = EdgeOrientation.Compute(edges);
        return (edges, orientation, EdgeSuppression.Suppress(edges, orientation));
    }
}
