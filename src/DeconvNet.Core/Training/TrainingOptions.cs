using DeconvNet.Training.Optimization;
using DeconvNet.Training.Stages;

namespace DeconvNet.Training;

/// <summary>How a <see cref="SegmentationTrainer"/> trains. Immutable; checked when a trainer is made.</summary>
public sealed partial record TrainingOptions
{
    /// <summary>The published recipe: 20,000 and 40,000 steps of 64 crops, SGD with momentum 0.9, rate 0.01 dropping every 9,000 and 10,000 steps.</summary>
    public static TrainingOptions Published { get; } = new()
    {
        Stages =
        [
            new TrainingStage { Name = "stage1", Source = ExampleSource.ObjectCrops, Iterations = 20_000, Schedule = LearningRateSchedule.Step(0.01, 9_000) },
            new TrainingStage { Name = "stage2", Source = ExampleSource.ProposalCrops, Iterations = 40_000, Schedule = LearningRateSchedule.Step(0.01, 10_000) },
        ],
    };

    /// <summary>The stages, in order; at least one.</summary>
    public required IReadOnlyList<TrainingStage> Stages
    {
        get;
        init => field = value is null ? null! : new ValueList<TrainingStage>(value);
    }

    /// <summary>The optimizer.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>What the loss of the pixels is made of. Default cross-entropy alone, as published.</summary>
    public LossOptions Loss { get; init; } = new();

    /// <summary>
    /// Whether steps and statistics are computed as the authors' Caffe and script compute them, oddities included. In a step of several passes
    /// weight decay is divided by their number, and batch norm takes the gradient of the last pass only, divided likewise; the loss that is reported
    /// is at most 87.34 for a pixel; the variances of batch norm at the end are divided by the number of values instead of one less.
    /// Default false: the whole decay, mean gradients, the whole loss, unbiased variances.
    /// </summary>
    public bool CaffeCompatibility { get; init; }

    /// <summary>Decides which examples are drawn and how they are cropped; the same seed draws the same.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// Folder of the checkpoint (<c>checkpoint.safetensors</c>), the loss log (<c>log.csv</c>), its picture (<c>loss.png</c>), with a <see cref="Validation"/> the best network (<c>best.safetensors</c>), and cached proposals; made if missing. One training at a time works in it.
    /// <see langword="null"/>: nothing is written and nothing can be resumed.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>Steps between two checkpoints, at least 1. Default 500, as published.</summary>
    public int CheckpointEvery { get; init; } = 500;

    /// <summary>
    /// Batches of the last stage's examples over which the population statistics of batch norm are taken at the end, at least 0: 0 leaves the running averages of the
    /// steps, which takes no time. Default 501, as the authors'.
    /// </summary>
    public int StatisticsBatches { get; init; } = 501;

    /// <summary>Crops in such a batch, at least 2. Default 28, as the authors'.</summary>
    public int StatisticsBatchSize { get; init; } = 28;

    /// <summary>Batches prepared ahead while the network works, at least 1. Default 4.</summary>
    public int Prefetch { get; init; } = 4;

    /// <summary>Whether decoded photos and masks are kept in memory, 4 bytes per pixel (0.75 MB for 500×375). Default true; turn it off for large sets.</summary>
    public bool CacheImages { get; init; } = true;

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Stages);
        if (Stages.Count == 0)
            throw new ArgumentException("TrainingOptions.Stages is empty; at least one stage is needed.", nameof(Stages));
        foreach (var stage in Stages)
        {
            ArgumentNullException.ThrowIfNull(stage, nameof(Stages));
            stage.Validate();
        }

        if (Stages.Select(stage => stage.Name).Distinct(StringComparer.Ordinal).Count() != Stages.Count)
            throw new ArgumentException("TrainingOptions.Stages has two stages of the same name.", nameof(Stages));
        ArgumentNullException.ThrowIfNull(Optimizer);
        Optimizer.Validate();
        ArgumentNullException.ThrowIfNull(Loss);
        Loss.Validate();
        OptionValue.Require(!CaffeCompatibility || Loss.IsPlain, this, CaffeCompatibility, "false where Loss is not plain cross-entropy");
        OptionValue.Require(CheckpointEvery >= 1, this, CheckpointEvery, "at least 1");
        OptionValue.Require(StatisticsBatches >= 0, this, StatisticsBatches, "at least 0");
        OptionValue.Require(StatisticsBatchSize >= 2, this, StatisticsBatchSize, "at least 2");
        OptionValue.Require(Prefetch >= 1, this, Prefetch, "at least 1");
    }
}
