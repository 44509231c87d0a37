using DeconvNet.Training.Optimization;
using DeconvNet.Training.Stages;

namespace DeconvNet.Training;

public sealed partial record TrainingOptions
{
    /// <summary>
    /// A recipe for own classes from a few dozen photos: a trained <see cref="Networks.DeconvNetModel"/> with new classes (<see cref="Weights.StartWeights.WithClasses(Networks.DeconvNetModel, IReadOnlyList{string})"/>)
    /// first learns to name them from what its encoder sees, which stays as it is, then all of it is trained at a low rate. Crops of proposals, changed at random in color, scale and turn.
    /// About ten minutes on two processor cores; batch norm keeps its running averages, so that what was validated is what is used.
    /// </summary>
    /// <param name="headIterations">Steps of 16 crops for what follows the encoder.</param>
    /// <param name="iterations">Steps of 16 crops for everything.</param>
    public static TrainingOptions FineTune(int headIterations = 60, int iterations = 300) => Tuned(
        new TrainingStage
        {
            Name = "head",
            Source = ExampleSource.ProposalCrops,
            Iterations = headIterations,
            BatchSize = 16,
            Accumulation = 1,
            ProposalsPerImage = 200,
            MinIoU = 0.4,
            AnyProposalFraction = 0.3,
            ScaleJitter = 1.25,
        },
        iterations);

    /// <summary>The same for a trained <see cref="Networks.FcnModel"/>, which learns more in the time: whole photos on a canvas of 256 pixels. Some five minutes on two processor cores.</summary>
    /// <param name="headIterations">Steps of 8 photos for what follows the encoder.</param>
    /// <param name="iterations">Steps of 8 photos for everything.</param>
    public static TrainingOptions FineTuneFcn(int headIterations = 60, int iterations = 120) => Tuned(
        new TrainingStage
        {
            Name = "head",
            Source = ExampleSource.WholeImages,
            InputSize = 256,
            Iterations = headIterations,
            BatchSize = 8,
            Accumulation = 1,
            ScaleJitter = 1.5,
        },
        iterations);

    private static TrainingOptions Tuned(TrainingStage head, int iterations)
    {
        head = head with
        {
            Antialias = true,
            ClassBalance = 0.5,
            FreezeEncoder = true,
            Augmentation = AugmentationOptions.Photos,
            Schedule = LearningRateSchedule.Cosine(1e-3, warmUp: 10),
        };
        return new TrainingOptions
        {
            Stages = [head, head with { Name = "all", Iterations = iterations, FreezeEncoder = false, Schedule = LearningRateSchedule.Cosine(3e-4, warmUp: 20) }],
            Optimizer = new OptimizerOptions { Kind = OptimizerKind.Adam },
            CheckpointEvery = 50,
            StatisticsBatches = 0,
        };
    }
}
