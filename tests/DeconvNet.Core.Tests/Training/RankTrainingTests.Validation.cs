using DeconvNet.Datasets;
using DeconvNet.Engine;
using DeconvNet.Evaluation;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Segmentation;
using DeconvNet.Tests.Support;
using DeconvNet.Training;
using DeconvNet.Training.Logging;
using DeconvNet.Training.Optimization;
using DeconvNet.Weights;

namespace DeconvNet.Tests.Training;

public sealed partial class RankTrainingTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public async Task Ranks_share_the_images_of_a_validation_and_count_what_one_process_would(int size)
    {
        using var folder = new TemporaryFolder();
        var seen = new Counted(scenes.Dataset);
        var heard = new List<double>[size];
        var models = Enumerable.Range(0, size).Select(_ => NewModel()).ToArray();
        await Task.WhenAll(new ThreadRanks(size).All.Select(rank => TrainAsync(
            models[rank.Rank],
            Recipe(2, 1) with { Folder = folder.Root },
            rank,
            new Told(step =>
            {
                if (!double.IsNaN(step.MeanIoU))
                    (heard[rank.Rank] ??= []).Add(step.MeanIoU);
            }),
            validation: new Validation(seen) { Every = 2, MaxProposals = 5 })));

        // After the last step of each stage, and after the statistics.
        Assert.Equal(3 * scenes.Dataset.Count, seen.Loaded);
        Assert.All(heard, values => Assert.Equal(heard[0], values));
        Assert.Equal(heard[0], LossLog.Read(folder["log.csv"]).Select(entry => entry.MeanIoU).Where(value => !double.IsNaN(value)));
        using var best = DeconvNetModel.Load(folder[Validation.BestFileName]);
        using var segmenter = new ProposalSegmenter(new TorchScorer(best), options: ProposalSegmenterOptions.Default with { MaxProposals = 5 });
        var counted = segmenter.Evaluate(scenes.Dataset, cancellationToken: TestContext.Current.CancellationToken).Confusion;
        Assert.Equal(
            new MeasuredAccuracy { ImageCount = scenes.Dataset.Count, MeanIoU = counted.MeanIoU, PixelAccuracy = counted.PixelAccuracy, Method = "5 proposals" },
            best.Info.Metrics["validation"]);
        Dispose(models);
    }

    [Fact]
    public async Task A_stage_without_progress_ends_early_on_all_ranks_and_is_resumed_by_others()
    {
        using var folder = new TemporaryFolder();
        var recipe = Recipe(40, 1);
        recipe = recipe with { Folder = folder.Root, Stages = [.. recipe.Stages.Select(stage => stage with { Accumulation = 3, Schedule = LearningRateSchedule.Step(1e-12, 9000) })], StatisticsBatches = 2 };
        using var stop = new CancellationTokenSource();
        await Task.WhenAll(new ThreadRanks(2).All.Select(async rank =>
        {
            using var model = NewModel();
            var progress = new Told(step =>
            {
                if (step.Iteration == 3 && rank.Rank == 1)
                    stop.Cancel();
            });
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TrainAsync(model, recipe, rank, progress, rank.Rank == 1 ? stop : null, validation: Patient()));
        }));

        SegmentationModel[] models = [NewModel(), NewModel(), NewModel()];
        await Task.WhenAll(new ThreadRanks(3).All.Select(rank => TrainAsync(models[rank.Rank], recipe, rank, validation: Patient())));

        // Only rank 0 of the second run has heard of the looks of the first.
        int[] steps = [.. LossLog.Read(folder["log.csv"]).Where(entry => entry.Stage == "stage1").Select(entry => entry.Iteration)];
        Assert.InRange(steps.Length, 6, 39);
        Assert.Equal(Enumerable.Range(1, steps.Length), steps);
        Dispose(models);

        Validation Patient() => new(scenes.Dataset) { Every = 1, Patience = 5, MaxProposals = 2 };
    }

    /// <summary>A data set that counts the photos that are read.</summary>
    private sealed class Counted(ISegmentationDataset data) : ISegmentationDataset
    {
        private int loaded;

        public int Loaded => loaded;

        public string Name => data.Name;

        public IReadOnlyList<string> ClassNames => data.ClassNames;

        public int Count => data.Count;

        public IReadOnlyList<string> Ids => data.Ids;

        public IReadOnlyList<Rgb> ClassColors => data.ClassColors;

        public bool HasLabels => data.HasLabels;

        public bool HasObjects => data.HasObjects;

        public ImageSize ImageSize(int index) => data.ImageSize(index);

        public RgbImage LoadImage(int index)
        {
            Interlocked.Increment(ref loaded);
            return data.LoadImage(index);
        }

        public bool HasLabelsOf(int index) => data.HasLabelsOf(index);

        public LabelMap LoadLabels(int index) => data.LoadLabels(index);

        public LabelMap? LoadInstances(int index) => data.LoadInstances(index);

        public bool HasObjectsOf(int index) => data.HasObjectsOf(index);

        public IReadOnlyList<AnnotatedObject> LoadObjects(int index) => data.LoadObjects(index);

        public string Fingerprint(int index) => data.Fingerprint(index);
    }
}
