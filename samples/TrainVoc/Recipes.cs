using DeconvNet.Networks;
using DeconvNet.Training;

namespace TrainVoc;

/// <summary>Turns the names on the command line into options.</summary>
internal static class Recipes
{
    public static DeconvNetOptions Network(string preset, int? inputSize)
    {
        var options = preset switch
        {
            "paper" => DeconvNetOptions.Paper,
            "keras" => DeconvNetOptions.KerasVariant,
            _ => DeconvNetOptions.Compact,
        };
        return inputSize is { } side ? options with { InputSize = side } : options;
    }

    /// <param name="recipe">Its name.</param>
    /// <param name="steps">Steps of the encoder, the first and the second stage; null leaves the recipe's, 0 leaves the stage out.</param>
    /// <param name="rate">Highest learning rate; null leaves the recipe's.</param>
    public static TrainingOptions Training(string recipe, int?[] steps, double? rate)
    {
        var options = recipe == "published" ? TrainingOptions.Published : TrainingOptions.Compact();
        var stages = options.Stages.Select(stage => stage with
        {
            Iterations = Chosen(stage) ?? stage.Iterations,
            Schedule = stage.Schedule with { BaseRate = rate ?? stage.Schedule.BaseRate },
        });
        return options with { Stages = [.. stages.Where(stage => stage.Iterations != 0)] };

        int? Chosen(TrainingStage stage) => stage.Source switch
        {
            ExampleSource.ObjectClasses => steps[0],
            ExampleSource.ObjectCrops => steps[1],
            _ => steps[2],
        };
    }
}
