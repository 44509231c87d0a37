using DeconvNet.Datasets;
using DeconvNet.Evaluation;
using DeconvNet.Tests.Data;

namespace DeconvNet.Tests.Evaluation;

public sealed class SegmentationEvaluatorTests : IDisposable
{
    private readonly MiniVoc voc = new MiniVoc().WithCat("a").WithCat("b", width: 20).WithSet("val", "a", "b");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => voc.Dispose();

    [Fact]
    public void A_segmenter_that_sees_no_object_scores_the_background_alone()
    {
        using var segmenter = new ConstantSegmenter(VocClasses.Names, label: 0);

        var report = segmenter.Evaluate(new VocDataset(voc.Root, "val"), cancellationToken: Token);

        // Of 16·12 + 20·12 pixels, 2·4 are void and 2·24 a cat.
        const double Background = (432.0 - 8 - 48) / (432 - 8);
        Assert.Equal(Background, report.Confusion.IoU(0), 12);
        Assert.Equal(0, report.Confusion.IoU(8));
        Assert.Equal(Background / 2, report.Confusion.MeanIoU, 12);
        Assert.Equal(("val", 2), (report.Title, report.ImageCount));
        Assert.True(report.SegmentationTime > TimeSpan.Zero);
    }

    [Fact]
    public void Progress_is_told_after_each_image()
    {
        using var segmenter = new ConstantSegmenter(VocClasses.Names, label: 8);
        var seen = new List<EvaluationProgress>();

        segmenter.Evaluate(new VocDataset(voc.Root, "val"), new Listener(seen.Add), Token);

        Assert.Equal([(1, 2, "a"), (2, 2, "b")], seen.Select(step => (step.Done, step.Total, step.Id)));
        Assert.Equal(24.0 / 188 / 2, seen[0].MeanIoU, 12);
        Assert.Equal(seen[0].Elapsed, seen[0].Remaining);
        Assert.Equal(TimeSpan.Zero, seen[1].Remaining);
    }

    [Fact]
    public void Canceling_ends_after_the_image_at_hand()
    {
        using var segmenter = new ConstantSegmenter(VocClasses.Names, label: 0);
        using var source = new CancellationTokenSource();
        var done = 0;

        Assert.Throws<OperationCanceledException>(() => segmenter.Evaluate(
            new VocDataset(voc.Root, "val"),
            new Listener(step =>
            {
                done = step.Done;
                source.Cancel();
            }),
            source.Token));
        Assert.Equal(1, done);
    }

    [Fact]
    public void Other_classes_or_no_images_are_refused()
    {
        using var stranger = new ConstantSegmenter(["background", "cell"], label: 0);
        using var segmenter = new ConstantSegmenter(VocClasses.Names, label: 0);
        var data = new VocDataset(voc.Root, "val");

        Assert.Contains("cell", Assert.Throws<ArgumentException>(() => stranger.Evaluate(data, cancellationToken: Token)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => segmenter.Evaluate(data.Take(0), cancellationToken: Token));
    }

    [Fact]
    public void A_missing_mask_is_named()
    {
        using var segmenter = new ConstantSegmenter(VocClasses.Names, label: 0);
        File.Delete(voc.Mask("b"));

        var error = Assert.Throws<FileNotFoundException>(() => segmenter.Evaluate(new VocDataset(voc.Root, "val"), cancellationToken: Token));
        Assert.Equal(voc.Mask("b"), error.FileName);
    }

    private sealed class Listener(Action<EvaluationProgress> listen) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value) => listen(value);
    }
}
