using DeconvNet.Training.Optimization;

namespace DeconvNet.Training.Stages;

/// <summary>Source of the examples of a training stage.</summary>
public enum ExampleSource
{
    /// <summary>Crops of one annotated object in the center, with everything else as background (the paper's first stage).</summary>
    ObjectCrops,

    /// <summary>
    /// The same crops, but only the encoder is trained, to classify the crop: a substitute for the ImageNet pretraining of VGG-16 with which the published recipe starts.
    /// </summary>
    ObjectClasses,

    /// <summary>Crops of object proposals that overlap an annotated object, with all classes (the paper's second stage).</summary>
    ProposalCrops,

    /// <summary>The whole photo on a square canvas, with all classes (FCN): the longer side fills the canvas, the rest is void.</summary>
    WholeImages,
}

/// <summary>A stage of training. Immutable; validated when a trainer is created.</summary>
public sealed record TrainingStage
{
    /// <summary>Name in logs and checkpoints, without commas and line breaks.</summary>
    public required string Name { get; init; }

    /// <summary>Source of the examples.</summary>
    public required ExampleSource Source { get; init; }

    /// <summary>Number of optimizer steps, at least 1.</summary>
    public required int Iterations { get; init; }

    /// <summary>
    /// Side of the square network input in pixels, 1 … 4096; <see langword="null"/> for the fixed input size of the network. Required for a network that accepts any size, such as
    /// <see cref="Networks.FcnModel"/>.
    /// </summary>
    public int? InputSize { get; init; }

    /// <summary>Number of crops per pass, at least 2, since batch norm at fc7 has one value per crop. Default 8, as published.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>Number of passes whose gradients are accumulated in a step, at least 1. Default 8, for 64 crops per step, as published.</summary>
    public int Accumulation { get; init; } = 8;

    /// <summary>Learning rate schedule.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Step(0.01, 9000);

    /// <summary>Factor by which the longer side of an object box or proposal is enlarged to a square, at least 1. Default 1.2, as published.</summary>
    public double ContextFactor { get; init; } = 1.2;

    /// <summary>
    /// Scale jitter: the context factor of an example is multiplied by a random factor between 1/this and this, at least 1. Whole images are scaled by it, and the
    /// canvas shows a random part if they no longer fit. Default 1: none, as published.
    /// </summary>
    public double ScaleJitter { get; init; } = 1;

    /// <summary>Factor of the input size to which a window is resized before a random crop of the input size is taken, at least 1; not for whole images. Default 250/224, as published.</summary>
    public double ResizeFactor { get; init; } = 250.0 / 224;

    /// <summary>
    /// Whether to antialias when shrinking a window. Default false, as published; for small inputs,
    /// antialiasing loses less detail. Use the same setting in the segmenter.
    /// </summary>
    public bool Antialias { get; init; }

    /// <summary>Whether half of the examples are mirrored. Default true.</summary>
    public bool Mirror { get; init; } = true;

    /// <summary>Data augmentation of color, sharpness and orientation. Default none, as published.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>
    /// Whether the layers up to fc7 are frozen, weights and statistics, which is much faster; for the first steps of a network with new classes. Default false.
    /// </summary>
    public bool FreezeEncoder { get; init; }

    /// <summary>Whether all batch norms are frozen, weights and statistics; for batches too small to estimate statistics. Default false.</summary>
    public bool FreezeBatchNorm { get; init; }

    /// <summary>
    /// Class balancing, 0 … 1: a class with n examples is drawn with weight n^(1 − this); 1 draws all classes equally often,
    /// 0 in proportion to their examples. Default 1 (the published lists repeat examples of rare classes).
    /// </summary>
    public double ClassBalance { get; init; } = 1;

    /// <summary>Minimum longer side of objects for object crops, in pixels of the photo, at least 0. Default 0: all objects.</summary>
    public int MinObjectSide { get; init; }

    /// <summary>Whether difficult objects are used for object crops. Default true.</summary>
    public bool IncludeDifficult { get; init; } = true;

    /// <summary>Minimum IoU of a proposal with an annotated object (second stage), 0 … 1. Default 0.5.</summary>
    public double MinIoU { get; init; } = 0.5;

    /// <summary>Number of proposals generated per image (second stage), at least 1. Default 500.</summary>
    public int ProposalsPerImage { get; init; } = 500;

    /// <summary>Fraction of examples (second stage) that are arbitrary proposals, whatever their overlap, 0 … 1. Default 0, as published.</summary>
    public double AnyProposalFraction { get; init; }

    /// <summary>
    /// Weight of an auxiliary classification loss at fc7, at least 0: a linear layer, which is discarded after training, classifies the crop,
    /// which helps an encoder that was not pretrained on ImageNet. Default 0: none, as published.
    /// </summary>
    public double ClassLossWeight { get; init; }

    /// <summary>
    /// Weight of a teacher's soft target in the target of a labeled pixel, 0 … 1; the mask has the remaining weight. Void pixels of the mask use the soft target alone
    /// (if this is above 0), and so do photos without a mask. For stages with all classes. Default 0: masks if there are any.
    /// </summary>
    public double SoftTargetFraction { get; init; }

    /// <summary>
    /// Weight of the feature imitation loss (<see cref="Distillation.Teacher.Model"/>), at least 0: 1 − the cosine similarity of the features. For stages that
    /// train the whole network. Default 0: none.
    /// </summary>
    public double ImitationWeight { get; init; }

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    /// <summary>Whether all classes of a window count, so that soft targets apply.</summary>
    internal bool ShowsAllClasses => Source is ExampleSource.ProposalCrops or ExampleSource.WholeImages;

    /// <summary>Whether a photo's soft target is used.</summary>
    internal bool AsksTeacher(bool isUnlabeled) => ShowsAllClasses && (SoftTargetFraction > 0 || isUnlabeled);

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Name);
        OptionValue.Require(Name.AsSpan().IndexOfAny(",\r\n") < 0, this, Name, "without comma and line break");
        OptionValue.Require(Enum.IsDefined(Source), this, Source, "one of the names of ExampleSource");
        OptionValue.Require(Iterations >= 1, this, Iterations, "at least 1");
        OptionValue.Require(InputSize is null or (>= 1 and <= 4096), this, InputSize, "1 to 4096");
        OptionValue.Require(BatchSize >= 2, this, BatchSize, "at least 2");
        OptionValue.Require(Accumulation >= 1, this, Accumulation, "at least 1");
        OptionValue.Require(ContextFactor is >= 1 and <= 10, this, ContextFactor, "1 to 10");
        OptionValue.Require(ScaleJitter is >= 1 and <= 4, this, ScaleJitter, "1 to 4");
        OptionValue.Require(ResizeFactor is >= 1 and <= 4, this, ResizeFactor, "1 to 4");
        OptionValue.Require(ClassBalance is >= 0 and <= 1, this, ClassBalance, "0 to 1");
        OptionValue.Require(MinObjectSide >= 0, this, MinObjectSide, "at least 0");
        OptionValue.Require(MinIoU is >= 0 and <= 1, this, MinIoU, "0 to 1");
        OptionValue.Require(ProposalsPerImage >= 1, this, ProposalsPerImage, "at least 1");
        OptionValue.Require(AnyProposalFraction is >= 0 and <= 1, this, AnyProposalFraction, "0 to 1");
        OptionValue.Require(ClassLossWeight is >= 0 and <= 100, this, ClassLossWeight, "0 to 100");
        OptionValue.Require(SoftTargetFraction is >= 0 and <= 1, this, SoftTargetFraction, "0 to 1");
        OptionValue.Require(SoftTargetFraction == 0 || ShowsAllClasses, this, SoftTargetFraction, $"0 where the source is {Source}, which shows one object only");
        OptionValue.Require(ImitationWeight is >= 0 and <= 100, this, ImitationWeight, "0 to 100");
        OptionValue.Require(ImitationWeight == 0 || Source != ExampleSource.ObjectClasses, this, ImitationWeight, $"0 where the source is {Source}, for which the encoder alone runs");
        OptionValue.Require(!FreezeEncoder || Source != ExampleSource.ObjectClasses, this, FreezeEncoder, $"false where the source is {Source}, for which the encoder alone learns");
        ArgumentNullException.ThrowIfNull(Augmentation);
        Augmentation.Validate();
        OptionValue.Require(SoftTargetFraction == 0 || !Augmentation.MovesPixels, this, SoftTargetFraction, "0 where examples are turned or upside down: soft targets are not");
        ArgumentNullException.ThrowIfNull(Schedule);
        Schedule.Validate();
    }
}
