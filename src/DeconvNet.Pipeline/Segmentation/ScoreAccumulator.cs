using System.Numerics.Tensors;
using DeconvNet.Imaging;
using DeconvNet.Segmentation.Scores;

namespace DeconvNet.Segmentation;

/// <summary>
/// Merges the scores of proposals into one score map of the image as they arrive, so that memory does not grow with their number.
/// Each class is merged by one thread in the order of the proposals, so the result does not depend on the number of threads.
/// </summary>
internal sealed class ScoreAccumulator : IDisposable
{
    private readonly int classes;
    private readonly PixelBox bounds;
    private readonly ProposalSegmenterOptions options;
    private readonly int pixels;
    private readonly float[] values;
    private readonly ScratchArray<int> covering;
    private int proposals;

    public ScoreAccumulator(int classes, int width, int height, ProposalSegmenterOptions options)
    {
        this.classes = classes;
        this.options = options;
        bounds = new PixelBox(0, 0, width, height);
        pixels = width * height;
        values = GC.AllocateUninitializedArray<float>(checked(classes * pixels));
        covering = ScratchArray<int>.Zeros(pixels);
    }

    /// <summary>Merges the logits <c>[crops, classes, side, side]</c> of a batch of crops, each of which covers its box; the logits may be overwritten.</summary>
    public void Add(Memory<float> scores, int side, ReadOnlyMemory<PixelBox> boxes, CancellationToken cancellationToken)
    {
        var length = classes * side * side;
        foreach (var box in boxes.Span)
            Cover(Moved(box).Intersect(bounds));
        var isFirst = proposals == 0;
        proposals += boxes.Length;

        if (options.Scores == ScoreKind.Probabilities)
        {
            for (var i = 0; i < boxes.Length; i++)
                Softmax.Apply(scores.Span.Slice(i * length, length), classes, side * side);
        }

        var crops = new PlacedCrop[boxes.Length];
        for (var i = 0; i < crops.Length; i++)
            crops[i] = new PlacedCrop(side, Moved(boxes.Span[i]), bounds, options.Antialias);

        // A thread processes one class of all crops, so threads synchronize once per batch, not once per crop.
        Parallel.For(0, classes, new ParallelOptions { CancellationToken = cancellationToken }, c =>
        {
            var merged = values.AsSpan(c * pixels, pixels);
            if (isFirst)
                merged.Fill(options.Merge == ScoreMerge.Max ? float.NegativeInfinity : 0);
            for (var i = 0; i < crops.Length; i++)
                Merge(scores.Span.Slice((i * length) + (c * side * side), side * side), crops[i], merged);
        });
    }

    /// <summary>Returns the merged map at the temperature of the options; the accumulator must not be used afterward.</summary>
    public ScoreMap Finish()
    {
        // Where every pixel is covered, most recipes leave the values as they are.
        var isFinished = !covering.Span.Contains(0) && (options.Merge == ScoreMerge.Sum || (options.Merge == ScoreMerge.Max && options.Floor == ScoreFloor.None));
        var temperature = options.Temperature ?? 1;
        var map = new ScoreMap(options.Scores, classes, bounds.Width, bounds.Height, values);
        Parallel.For(0, classes, c =>
        {
            var plane = values.AsSpan(c * pixels, pixels);
            for (var i = 0; !isFinished && i < plane.Length; i++)
                plane[i] = Finish(plane[i], covering.Array[i]);

            if (options.Scores == ScoreKind.Logits && temperature != 1)
                TensorPrimitives.Divide(plane, (float)temperature, plane);
        });
        return options.Scores == ScoreKind.Logits ? map : map.AtTemperature(temperature);
    }

    public void Dispose() => covering.Dispose();

    private PixelBox Moved(PixelBox crop) => options.ShiftByOnePixel ? new PixelBox(crop.X0 + 1, crop.Y0 + 1, crop.X1 + 1, crop.Y1 + 1) : crop;

    private void Cover(PixelBox visible)
    {
        if (visible.IsEmpty)
            return;

        for (var y = visible.Y0; y < visible.Y1; y++)
        {
            var row = covering.Span.Slice((y * bounds.Width) + visible.X0, visible.Width);
            TensorPrimitives.Add(row, 1, row);
        }
    }

    private void Merge(ReadOnlySpan<float> scores, PlacedCrop crop, Span<float> merged)
    {
        var visible = crop.Visible;
        if (visible.IsEmpty)
            return;

        using var scratch = new ScratchArray<float>(visible.Width + crop.ScratchLength);
        var source = scratch.Span[..visible.Width];
        var rows = crop.Rows(scores, scratch.Span[visible.Width..]);
        for (var y = visible.Y0; y < visible.Y1; y++)
        {
            rows.Next(source);
            var target = merged.Slice((y * bounds.Width) + visible.X0, visible.Width);
            if (options.Merge == ScoreMerge.Max)
                TensorPrimitives.Max(target, source, target);
            else
                TensorPrimitives.Add(target, source, target);
        }
    }

    private float Finish(float value, int count) => options.Merge switch
    {
        _ when count == 0 => 0,
        ScoreMerge.Sum => value,
        ScoreMerge.Mean => value / count,
        _ when options.Floor == ScoreFloor.Everywhere || (options.Floor == ScoreFloor.OutsideCrops && count < proposals) => Math.Max(0, value),
        _ => value,
    };
}
