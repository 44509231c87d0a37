using DeconvNet.Training.Optimization;
using DeconvNet.Training.Stages;

namespace DeconvNet.Training;

/// <summary>Options of a <see cref="SegmentationTrainer"/>. Immutable; validated when a trainer is created.</summary>
public sealed partial record TrainingOptions
{
    /// <summary>The published recipe: 20,000 and 40,000 steps of 64 crops, SGD with momentum 0.9, a learning rate of 0.01 that drops every 9,000 and 10,000 steps.</summary>
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

    /// <summary>Variants of the pixel loss. Default cross-entropy alone, as published.</summary>
    public LossOptions Loss { get; init; } = new();

    /// <summary>
    /// Whether to reproduce the quirks of the authors' Caffe and scripts. In a step of several passes,
    /// weight decay is divided by their number, and batch norm uses only the gradient of the last pass, divided likewise; the reported loss of a pixel
    /// is at most 87.34; the final variances of batch norm are biased.
    /// Default false: full weight decay, mean gradients, unclipped loss, unbiased variances.
    /// </summary>
    public bool CaffeCompatibility { get; init; }

    /// <summary>
    /// Decay of an exponential moving average (EMA) of weights and running statistics over the steps, 0 to below 1. Validation uses the average, and so does the trained network:
    /// it replaces the weights after the last step, before the statistics of batch norm are estimated. The decay of step t is this or (1 + t)/(10 + t), whichever is smaller.
    /// Typical: 0.99 to 0.9999, that is, an average over the last 100 to 10,000 steps. Default 0: none, as published.
    /// </summary>
    public double WeightAverageDecay { get; init; }

    /// <summary>Random seed of the examples and their crops.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// Folder of the checkpoint (<c>checkpoint.safetensors</c>), the loss log (<c>log.csv</c>) and its plot (<c>loss.png</c>), the best network with a <see cref="Validation"/> (<c>best.safetensors</c>), and cached proposals; created if missing. Only one training at a time may use it.
    /// <see langword="null"/>: nothing is written, and training cannot be resumed.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>Number of steps between checkpoints, at least 1. Default 500, as published.</summary>
    public int CheckpointEvery { get; init; } = 500;

    /// <summary>
    /// Number of batches of the last stage over which the population statistics of batch norm are estimated at the end, at least 0; 0 keeps the running averages of
    /// training, which takes no time. Default 501, as in the authors' script.
    /// </summary>
    public int StatisticsBatches { get; init; } = 501;

    /// <summary>Number of crops per statistics batch, at least 2. Default 28, as in the authors' script.</summary>
    public int StatisticsBatchSize { get; init; } = 28;

    /// <summary>Number of batches prepared in advance, at least 1. Default 4.</summary>
    public int Prefetch { get; init; } = 4;

    /// <summary>Whether decoded photos and masks are cached in memory, 4 bytes per pixel (0.75 MB for 500×375). Default true; turn it off for large data sets.</summary>
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
        OptionValue.Require(WeightAverageDecay is >= 0 and < 1, this, WeightAverageDecay, "0 to below 1");
        OptionValue.Require(CheckpointEvery >= 1, this, CheckpointEvery, "at least 1");
        OptionValue.Require(StatisticsBatches >= 0, this, StatisticsBatches, "at least 0");
        OptionValue.Require(StatisticsBatchSize >= 2, this, StatisticsBatchSize, "at least 2");
        OptionValue.Require(Prefetch >= 1, this, Prefetch, "at least 1");
    }
}
