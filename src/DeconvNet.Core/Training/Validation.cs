using DeconvNet.Datasets;

namespace DeconvNet.Training;

/// <summary>
/// Validation during training: held-out images are segmented at regular intervals, the mean IoU is logged and plotted, and the best network so far is saved as
/// <c>best.safetensors</c> in the folder. Stages that train only the encoder are not validated. Immutable; validated when a trainer is created.
/// </summary>
/// <param name="Data">The held-out images; a few dozen are enough, since segmenting them takes time.</param>
public sealed record Validation(ISegmentationDataset Data)
{
    /// <summary>File name of the best network in a training folder.</summary>
    public const string BestFileName = "best.safetensors";

    /// <summary>Number of steps between validations, at least 1; there is always one after the last step of a stage. Default 100.</summary>
    public int Every { get; init; } = 100;

    /// <summary>Early stopping: a stage ends after this number of validations without improvement, at least 1. Default null: stages run to their end.</summary>
    public int? Patience { get; init; }

    /// <summary>Maximum number of proposals per photo for a network that processes crops, at least 1; fewer than at inference, to save time. Default 20.</summary>
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
