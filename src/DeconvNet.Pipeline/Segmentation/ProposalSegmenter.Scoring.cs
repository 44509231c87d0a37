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
        var largest = Math.Max(1, boxes.Length);
        var batch = Math.Clamp(Options.BatchSize ?? scorer.BatchSizeFor(largest), 1, largest);
        using var merged = new ScoreAccumulator(classes, image.Width, image.Height, Options);
        var crops = new ScratchArray<float>(checked(batch * 3 * side * side));
        var scores = new ScratchArray<float>(checked(batch * classes * side * side));
        progress?.Report(new WorkProgress(0, boxes.Length));
        for (var start = 0; start < boxes.Length; start += batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(batch, boxes.Length - start);
            Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken }, i =>
                CropCutting.Cut(image, boxes[start + i], scorer.Preprocessing, side, crops.Span.Slice(i * 3 * side * side, 3 * side * side), Options.Antialias));
            clock.EndCrops();

            scorer.ScoreFinite(crops.Span[..(count * 3 * side * side)], count, side, side, scores.Span[..(count * classes * side * side)], cancellationToken);
            clock.EndNetwork();

            merged.Add(scores.Array.AsMemory(0, count * classes * side * side), side, boxes.AsMemory(start, count), cancellationToken);
            clock.EndMerge();
            progress?.Report(new WorkProgress(start + count, boxes.Length));
        }

        // After an exception they are left to the garbage collector, since a thread may still be writing to them.
        crops.Dispose();
        scores.Dispose();
        return merged.Finish();
    }
}
