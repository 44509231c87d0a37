using DeconvNet.Architecture;
using DeconvNet.Engine;
using DeconvNet.Networks;
using DeconvNet.Training;
using DeconvNet.Training.Stages;
using DeconvNet.Weights;

namespace Train;

/// <summary>Turns the names on the command line into options.</summary>
internal static class Recipes
{
    public static string[] Presets { get; } = ["compact", "paper", "keras", "fcn32s", "fcn16s", "fcn8s", "fcn8s-atonce", "fcn8s-compact"];

    /// <summary>Makes the network of a preset for class names.</summary>
    public static Func<IReadOnlyList<string>, SegmentationModel> Network(string preset, string recipe, int? inputSize, int? fcChannels)
    {
        if (fcChannels is not null && (recipe == "fine-tune" || IsFcn(preset)))
            throw new ArgumentException("--fc is for a DeconvNet that is trained anew.");
        if (recipe == "fine-tune")
        {
            return preset switch
            {
                "compact" when inputSize is null => FineTuned,
                "fcn8s-compact" => FineTunedFcn,
                _ => throw new ArgumentException("--recipe fine-tune starts from built-in weights: --preset compact without --input-size, or fcn8s-compact."),
            };
        }

        if (IsFcn(preset))
        {
            var shape = preset switch
            {
                "fcn32s" => FcnOptions.Fcn32s,
                "fcn16s" => FcnOptions.Fcn16s,
                "fcn8s" => FcnOptions.Fcn8s,
                "fcn8s-atonce" => FcnOptions.Fcn8sAtOnce,
                _ => FcnOptions.Compact,
            };
            return names => new FcnModel(shape with { ClassCount = names.Count }, names);
        }

        var options = preset switch
        {
            "paper" => DeconvNetOptions.Paper,
            "keras" => DeconvNetOptions.KerasVariant,
            _ => DeconvNetOptions.Compact,
        };
        return names => new DeconvNetModel(options with { InputSize = inputSize ?? options.InputSize, FcChannels = fcChannels ?? options.FcChannels, ClassCount = names.Count }, names);
    }

    /// <param name="preset">Name of the network.</param>
    /// <param name="recipe">Name of the training.</param>
    /// <param name="steps">Steps of the stages.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="batchSize">Examples in a pass; null leaves the recipe's.</param>
    /// <param name="passes">Passes in a step; null leaves the recipe's.</param>
    /// <param name="inputSize">Side of an FCN's canvas; null leaves the recipe's.</param>
    public static TrainingOptions Training(string preset, string recipe, Steps steps, Rate rate, int? batchSize, int? passes, int? inputSize)
    {
        var options = (IsFcn(preset), recipe) switch
        {
            (true, "fine-tune") => TrainingOptions.FineTuneFcn(),
            (_, "fine-tune") => TrainingOptions.FineTune(),
            (true, "published") => TrainingOptions.Fcn(),
            (true, _) => TrainingOptions.CompactFcn(),
            (_, "published") => TrainingOptions.Published,
            _ => TrainingOptions.Compact(),
        };
        var stages = options.Stages.Select(stage => stage with
        {
            Iterations = Chosen(stage) ?? stage.Iterations,
            BatchSize = batchSize ?? stage.BatchSize,
            Accumulation = passes ?? stage.Accumulation,
            InputSize = stage.Source == ExampleSource.WholeImages ? inputSize ?? stage.InputSize : stage.InputSize,
            Schedule = stage.Schedule with { BaseRate = rate.Highest ?? stage.Schedule.BaseRate, WarmUp = rate.WarmUp ?? stage.Schedule.WarmUp },
        });
        return options with { Stages = [.. stages.Where(stage => stage.Iterations != 0)] };

        int? Chosen(TrainingStage stage) => stage.Source switch
        {
            _ when stage.FreezeEncoder => steps.Head,
            ExampleSource.ObjectClasses => steps.Encoder,
            ExampleSource.ObjectCrops => steps.First,
            ExampleSource.ProposalCrops => steps.Second,
            _ => steps.Images,
        };
    }

    /// <param name="checkpointEvery">Steps between checkpoints; null leaves the recipe's.</param>
    /// <param name="statistics">Batches of statistics; null leaves the recipe's.</param>
    /// <param name="options">The recipe.</param>
    public static TrainingOptions Every(int? checkpointEvery, int? statistics, TrainingOptions options) => options with
    {
        CheckpointEvery = checkpointEvery ?? options.CheckpointEvery,
        StatisticsBatches = statistics ?? options.StatisticsBatches,
    };

    /// <param name="anyProposals">Fraction of proposals of any overlap in stages of proposals; null leaves the recipe's.</param>
    /// <param name="scaleJitter">Random factor of windows; null leaves the recipe's.</param>
    /// <param name="isNeverMirrored">Whether no example is mirrored.</param>
    /// <param name="options">The recipe.</param>
    public static TrainingOptions Examples(double? anyProposals, double? scaleJitter, bool isNeverMirrored, TrainingOptions options) => options with
    {
        Stages =
        [
            .. options.Stages.Select(stage => stage with
            {
                AnyProposalFraction = stage.Source == ExampleSource.ProposalCrops ? anyProposals ?? stage.AnyProposalFraction : stage.AnyProposalFraction,
                ScaleJitter = scaleJitter ?? stage.ScaleJitter,
                Mirror = stage.Mirror && !isNeverMirrored,
            }),
        ],
    };

    private static DeconvNetModel FineTuned(IReadOnlyList<string> classNames)
    {
        using var trained = CompactWeights.DeconvNet.LoadModel();
        return trained.WithClasses(classNames);
    }

    private static FcnModel FineTunedFcn(IReadOnlyList<string> classNames)
    {
        using var trained = CompactWeights.Fcn8s.LoadModel();
        return trained.WithClasses(classNames);
    }

    private static bool IsFcn(string preset) => preset.StartsWith("fcn", StringComparison.Ordinal);
}

/// <summary>Steps of each kind of stage; null leaves the recipe's, 0 leaves the stage out.</summary>
internal sealed record Steps(int? Encoder, int? First, int? Second, int? Images, int? Head);

/// <summary>Highest learning rate and steps in which it rises; null leaves the recipe's.</summary>
internal sealed record Rate(double? Highest, int? WarmUp);
