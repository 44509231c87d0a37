using DeconvNet.Architecture;
using DeconvNet.Engine;
using DeconvNet.Networks;
using DeconvNet.Training;
using DeconvNet.Weights;

namespace Train;

/// <summary>Turns the names on the command line into options.</summary>
internal static class Recipes
{
    public static string[] Presets { get; } = ["compact", "paper", "keras", "fcn32s", "fcn16s", "fcn8s", "fcn8s-atonce", "fcn8s-compact"];

    /// <summary>Makes the network of a preset for class names.</summary>
    /// <param name="preset">Name of the network.</param>
    /// <param name="recipe">Name of the training.</param>
    /// <param name="inputSize">Side of a DeconvNet's crops; null leaves the preset's.</param>
    /// <param name="width">Channels of the first block; null leaves the preset's.</param>
    /// <param name="fcChannels">Channels of a DeconvNet's fc6 and fc7; null leaves the preset's.</param>
    public static Func<IReadOnlyList<string>, SegmentationModel> Network(string preset, string recipe, int? inputSize, int? width, int? fcChannels)
    {
        if (fcChannels is not null && (recipe == "fine-tune" || IsFcn(preset)))
            throw new ArgumentException("--fc is for a DeconvNet that is trained anew.");
        if (width is not null && recipe == "fine-tune")
            throw new ArgumentException("--width is for a network that is trained anew.");
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
            return names => new FcnModel(shape with { Width = width ?? shape.Width, ClassCount = names.Count }, names);
        }

        var options = preset switch
        {
            "paper" => DeconvNetOptions.Paper,
            "keras" => DeconvNetOptions.KerasVariant,
            _ => DeconvNetOptions.Compact,
        };
        return names => new DeconvNetModel(
            options with
            {
                InputSize = inputSize ?? options.InputSize,
                Width = width ?? options.Width,
                FcChannels = fcChannels ?? options.FcChannels,
                ClassCount = names.Count,
            },
            names);
    }

    /// <summary>A recipe with what the command line changes.</summary>
    /// <param name="preset">Name of the network.</param>
    /// <param name="recipe">Name of the training.</param>
    /// <param name="changes">What differs from the recipe.</param>
    public static TrainingOptions Training(string preset, string recipe, RecipeChanges changes)
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
        return options with
        {
            Stages = [.. options.Stages.Select(changes.Apply).Where(stage => stage.Iterations != 0)],
            CheckpointEvery = changes.CheckpointEvery ?? options.CheckpointEvery,
            StatisticsBatches = changes.StatisticsBatches ?? options.StatisticsBatches,
            WeightAverageDecay = changes.WeightAverageDecay ?? options.WeightAverageDecay,
        };
    }

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
