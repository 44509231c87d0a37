using DeconvNet.Imaging;
using DeconvNet.Segmentation.Scores;

namespace DeconvNet.Segmentation;

public sealed partial class ProposalSegmenter
{
    private ScoreMap Score(
        RgbImage image, PixelBox[] boxes, StageClock clock, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var side = inputSize;
        var classes = ClassNames.Count;
        var largestBatch = Math.Min(Options.BatchSize, boxes.Length);
        var crops = new float[checked(largestBatch * 3 * side * side)];
        var scores = new float[checked(largestBatch * classes * side * side)];
        var merged = new ScoreAccumulator(classes, image.Width, image.Height, Options);
        progress?.Report(new WorkProgress(0, boxes.Length));
        for (var start = 0; start < boxes.Length; start += Options.BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(Options.BatchSize, boxes.Length - start);
            Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken }, i =>
                CropCutting.Cut(image, boxes[start + i], scorer.Preprocessing, side, crops.AsSpan(i * 3 * side * side, 3 * side * side), Options.Antialias));
            clock.EndCrops();

            scorer.ScoreFinite(crops.AsSpan(0, count * 3 * side * side), count, side, side, scores.AsSpan(0, count * classes * side * side));
            clock.EndNetwork();

            for (var i = 0; i < count; i++)
                merged.Add(scores.AsMemory(i * classes * side * side, classes * side * side), side, boxes[start + i], cancellationToken);
            clock.EndMerge();
            progress?.Report(new WorkProgress(start + count, boxes.Length));
        }

        return merged.Finish().AtTemperature(Options.Temperature!.Value);
    }
}
