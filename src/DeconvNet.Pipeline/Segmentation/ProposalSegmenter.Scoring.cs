using DeconvNet.Imaging;
using DeconvNet.Imaging.Resampling;
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
                CutOut(image, boxes[start + i], crops.AsSpan(i * 3 * side * side, 3 * side * side)));
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

    /// <summary>Planes of the crop, black outside the photo; resized as floats, since the authors' script does not round between resizing and network.</summary>
    private void CutOut(RgbImage image, PixelBox crop, Span<float> planes)
    {
        var pixels = image.Crop(crop).Pixels;
        var full = new float[pixels.Length];
        scorer.Preprocessing.Apply(pixels, full);
        Planes.ResizeBilinear(full, 3, crop.Height, crop.Width, planes, inputSize, inputSize, Options.Antialias);
    }
}
