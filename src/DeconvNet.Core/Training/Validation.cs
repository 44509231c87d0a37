using DeconvNet.Datasets;

namespace DeconvNet.Training;

/// <summary>
/// How a training is watched on images that it does not learn from: now and then they are segmented, the mean IoU goes to the log and its picture, and the best network so far is kept as
/// <c>best.safetensors</c> in the folder. Stages that train the encoder alone are not watched. Immutable; checked when a trainer is made.
/// </summary>
/// <param name="Data">The images; a few dozen are enough, for each takes as long as it takes to segment.</param>
public sealed record Validation(ISegmentationDataset Data)
{
    /// <summary>Name of the best network in a training folder.</summary>
    public const string BestFileName = "best.safetensors";

    /// <summary>Steps between two looks, at least 1; the last step of a stage is followed by one too. Default 100.</summary>
    public int Every { get; init; } = 100;

    /// <summary>A stage ends early when so many looks in a row found nothing better, at least 1. Default null: stages run to their end.</summary>
    public int? Patience { get; init; }

    /// <summary>Proposals of a photo that a network of crops scores, at least 1: fewer than in use, to save time. Default 20.</summary>
    public int MaxProposals { get; init; } = 20;

    internal void Validate(IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(Data);
        OptionValue.Require(Every >= 1, this, Every, "at least 1");
        OptionValue.Require(Patience is null or >= 1, this, Patience, "at least 1");
        OptionValue.Require(MaxProposals >= 1, this, MaxProposals, "at least 1");
        if (Data.Count == 0 || !Data.HasLabels)
            throw new ArgumentException($"The {Data.Count} images to validate on have no masks; at least one image with a mask is needed.");
        if (!Data.ClassNames.SequenceEqual(classNames))
            throw new ArgumentException($"The images to validate on have the classes {string.Join(", ", Data.ClassNames)}; the model has {string.Join(", ", classNames)}.");
    }
}
