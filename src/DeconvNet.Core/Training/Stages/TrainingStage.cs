using DeconvNet.Training.Optimization;

namespace DeconvNet.Training.Stages;

/// <summary>What the examples of a training stage show.</summary>
public enum ExampleSource
{
    /// <summary>One annotated object in the center; everything else counts as background (the paper's first stage).</summary>
    ObjectCrops,

    /// <summary>
    /// The same crops, but only the encoder learns, to name the crop's classes: a stand-in for the ImageNet training of VGG-16 with which the published recipe starts.
    /// </summary>
    ObjectClasses,

    /// <summary>An object proposal that overlaps an annotated object; all classes count (the paper's second stage).</summary>
    ProposalCrops,

    /// <summary>The whole photo in a square canvas, all classes (FCN): the longer side fills it, what is left over is void.</summary>
    WholeImages,
}

/// <summary>One of the stages of training. Immutable; checked when a trainer is made.</summary>
public sealed record TrainingStage
{
    /// <summary>Name in logs and checkpoints; without comma and line break.</summary>
    public required string Name { get; init; }

    /// <summary>What the examples show.</summary>
    public required ExampleSource Source { get; init; }

    /// <summary>Number of optimizer steps, at least 1.</summary>
    public required int Iterations { get; init; }

    /// <summary>
    /// Side in pixels of the network's square input, 1 … 4096; <see langword="null"/> for that of the network. A network that takes any size, as
    /// <see cref="Networks.FcnModel"/> does, needs one.
    /// </summary>
    public int? InputSize { get; init; }

    /// <summary>Crops in one pass of the network, at least 2; batch norm sees these, and at fc7 one value of each. Default 8, as published.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>Passes whose gradients make one step, at least 1. Default 8: 64 crops a step, as published.</summary>
    public int Accumulation { get; init; } = 8;

    /// <summary>Rates of the steps.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Step(0.01, 9000);

    /// <summary>An object box or proposal is made square and its longer side enlarged by this, at least 1. Default 1.2, as published.</summary>
    public double ContextFactor { get; init; } = 1.2;

    /// <summary>
    /// The context factor of an example is multiplied by a random factor between 1/this and this, at least 1; a whole image is enlarged by it, and the
    /// canvas shows a random part where it no longer fits. Default 1: none, as published.
    /// </summary>
    public double ScaleJitter { get; init; } = 1;

    /// <summary>A window is first resized to this many times the input size, at least 1, and a random crop of the input size is taken; whole images are not. Default 250/224, as published.</summary>
    public double ResizeFactor { get; init; } = 250.0 / 224;

    /// <summary>
    /// Whether shrinking a window averages over all pixels it covers instead of sampling between neighbors. Default false, as published; for small inputs,
    /// where much is shrunk, averaging loses less. Segment with the same setting of the segmenter alike.
    /// </summary>
    public bool Antialias { get; init; }

    /// <summary>Whether every other example is mirrored. Default true.</summary>
    public bool Mirror { get; init; } = true;

    /// <summary>Random changes of colors, sharpness and turn. Default none, as published.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>
    /// Whether the layers up to fc7 stay as they are, weights and statistics: for the first steps of a network whose classes are new, and much less work. Default false.
    /// </summary>
    public bool FreezeEncoder { get; init; }

    /// <summary>Whether all batch norms stay as they are, weights and statistics: for batches too small to tell a mean. Default false.</summary>
    public bool FreezeBatchNorm { get; init; }

    /// <summary>
    /// How much rare classes are favored, 0 … 1: a class with n examples is drawn with weight n^(1 − this); 1 draws all classes equally often,
    /// 0 as often as they occur. Default 1 (the published lists repeat examples of rare classes).
    /// </summary>
    public double ClassBalance { get; init; } = 1;

    /// <summary>Objects whose longer side is shorter, in pixels of the photo, are not an examples of object crops, at least 0. Default 0: all are.</summary>
    public int MinObjectSide { get; init; }

    /// <summary>Whether objects that the annotators marked as hard to recognize are examples of object crops. Default true.</summary>
    public bool IncludeDifficult { get; init; } = true;

    /// <summary>Least IoU of a proposal with an annotated object (second stage), 0 … 1. Default 0.5.</summary>
    public double MinIoU { get; init; } = 0.5;

    /// <summary>Proposals searched for in each image (second stage), at least 1. Default 500.</summary>
    public int ProposalsPerImage { get; init; } = 500;

    /// <summary>Share of examples (second stage) that are proposals of any overlap, whatever they show, 0 … 1. Default 0, as published.</summary>
    public double AnyProposalFraction { get; init; }

    /// <summary>
    /// Weight of a second loss at fc7, at least 0: a linear layer that is thrown away after training names the classes of the crop there,
    /// which teaches an encoder that was not trained on ImageNet to tell classes apart much sooner. Default 0: none, as published.
    /// </summary>
    public double ClassLossWeight { get; init; }

    /// <summary>
    /// The fraction of a labeled pixel's target that a teacher's soft target gives, 0 … 1; the mask gives the rest. A pixel that only one of them knows learns from that one: void
    /// pixels of the mask from the teacher (if this is above 0), photos without a mask from the teacher alone. For stages in which all classes count. Default 0: masks, where there are any.
    /// </summary>
    public double SoftTargetFraction { get; init; }

    /// <summary>
    /// Weight of a loss for layers that imitate those of a teacher's network (<see cref="Distillation.Teacher.Model"/>), at least 0: 1 − the cosine between their features. For stages that
    /// run the whole network. Default 0: none.
    /// </summary>
    public double ImitationWeight { get; init; }

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    /// <summary>Whether all classes of a window count, so that a teacher can speak of it.</summary>
    internal bool ShowsAllClasses => Source is ExampleSource.ProposalCrops or ExampleSource.WholeImages;

    /// <summary>Whether a photo's target is partly or wholly the teacher's.</summary>
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
