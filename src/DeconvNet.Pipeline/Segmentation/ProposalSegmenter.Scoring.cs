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
        var photo = new PhotoPlanes(image, Seen(image, boxes), scorer.Preprocessing);
        var crops = new ScratchArray<float>(checked(batch * 3 * side * side));
        var scores = new ScratchArray<float>(checked(batch * classes * side * side));
        progress?.Report(new WorkProgress(0, boxes.Length));
        for (var start = 0; start < boxes.Length; start += batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(batch, boxes.Length - start);
            Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken }, i =>
                CropCutting.Cut(photo, boxes[start + i], side, crops.Span.Slice(i * 3 * side * side, 3 * side * side), Options.Antialias));
            clock.EndCrops();

            scorer.ScoreFinite(crops.Span[..(count * 3 * side * side)], count, side, side, scores.Span[..(count * classes * side * side)], cancellationToken);
            clock.EndNetwork();

            merged.Add(scores.Array.AsMemory(0, count * classes * side * side), side, boxes.AsMemory(start, count), cancellationToken);
            clock.EndMerge();
            progress?.Report(new WorkProgress(start + count, boxes.Length));
        }

        // After an exception they are left to the garbage collector, since a thread may still be writing to them.
        photo.Dispose();
        crops.Dispose();
        scores.Dispose();
        return merged.Finish();
    }

    /// <summary>The smallest part of the photo that contains what all crops show of it.</summary>
    private static PixelBox Seen(RgbImage photo, PixelBox[] crops)
    {
        var parts = crops.Select(crop => crop.Intersect(photo.Bounds)).Where(part => !part.IsEmpty).ToList();
        return parts.Count == 0
            ? default
            : new PixelBox(parts.Min(part => part.X0), parts.Min(part => part.Y0), parts.Max(part => part.X1), parts.Max(part => part.Y1));
    }
}
