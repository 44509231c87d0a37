using DeconvNet.Training.Stages;

namespace Train;

/// <summary>What the command line changes in a recipe; null leaves the recipe's.</summary>
internal sealed record RecipeChanges
{
    /// <summary>Steps that train the encoder alone; 0 leaves the stage out, as below.</summary>
    public int? Encoder { get; init; }

    /// <summary>Steps on object crops.</summary>
    public int? First { get; init; }

    /// <summary>Steps on proposal crops.</summary>
    public int? Second { get; init; }

    /// <summary>Steps on whole images.</summary>
    public int? Images { get; init; }

    /// <summary>Steps with a frozen encoder.</summary>
    public int? Head { get; init; }

    /// <summary>Highest learning rate.</summary>
    public double? Rate { get; init; }

    /// <summary>Steps in which the learning rate rises.</summary>
    public int? WarmUp { get; init; }

    /// <summary>Examples in a pass.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Passes in a step.</summary>
    public int? Passes { get; init; }

    /// <summary>Side of an FCN's canvas.</summary>
    public int? InputSize { get; init; }

    /// <summary>Fraction of proposals of any overlap in stages of proposals.</summary>
    public double? AnyProposalFraction { get; init; }

    /// <summary>Largest random factor of a window's size.</summary>
    public double? ScaleJitter { get; init; }

    /// <summary>Whether no example is mirrored.</summary>
    public bool IsNeverMirrored { get; init; }

    /// <summary>Steps between checkpoints.</summary>
    public int? CheckpointEvery { get; init; }

    /// <summary>Batches of statistics at the end.</summary>
    public int? StatisticsBatches { get; init; }

    /// <summary>Decay of the average of the weights.</summary>
    public double? WeightAverageDecay { get; init; }

    /// <summary>A stage with these changes.</summary>
    public TrainingStage Apply(TrainingStage stage) => stage with
    {
        Iterations = StepsOf(stage) ?? stage.Iterations,
        BatchSize = BatchSize ?? stage.BatchSize,
        Accumulation = Passes ?? stage.Accumulation,
        InputSize = stage.Source == ExampleSource.WholeImages ? InputSize ?? stage.InputSize : stage.InputSize,
        Schedule = stage.Schedule with { BaseRate = Rate ?? stage.Schedule.BaseRate, WarmUp = WarmUp ?? stage.Schedule.WarmUp },
        AnyProposalFraction = stage.Source == ExampleSource.ProposalCrops ? AnyProposalFraction ?? stage.AnyProposalFraction : stage.AnyProposalFraction,
        ScaleJitter = ScaleJitter ?? stage.ScaleJitter,
        Mirror = stage.Mirror && !IsNeverMirrored,
    };

    private int? StepsOf(TrainingStage stage) => stage.Source switch
    {
        _ when stage.FreezeEncoder => Head,
        ExampleSource.ObjectClasses => Encoder,
        ExampleSource.ObjectCrops => First,
        ExampleSource.ProposalCrops => Second,
        _ => Images,
    };
}
