using DeconvNet.Architecture;
using DeconvNet.Training.Optimization;
using DeconvNet.Training.Stages;

namespace DeconvNet.Training;

public sealed partial record TrainingOptions
{
    /// <summary>
    /// The recipe of the FCN paper, starting from VGG-16 (Long, Shelhamer, Darrell 2015, section 4.3): whole images, 20 per step, SGD with momentum 0.9, a fixed learning rate of
    /// 0.0001, weight decay 0.0005, twice the rate for biases. One training each for FCN-32s, FCN-16s and FCN-8s, or a single one for FCN-8s at once.
    /// </summary>
    /// <param name="iterations">Number of steps; the paper trains until convergence.</param>
    public static TrainingOptions Fcn(int iterations = 8_000) => new()
    {
        Stages =
        [
            new TrainingStage
            {
                Name = "whole-images",
                Source = ExampleSource.WholeImages,
                InputSize = FcnLayerTable.NominalInputSize,
                Iterations = iterations,
                BatchSize = 4,
                Accumulation = 5,
                ClassBalance = 0,
                Mirror = false,
                Schedule = LearningRateSchedule.Step(1e-4, int.MaxValue),
            },
        ],
    };

    /// <summary>
    /// A recipe for <see cref="FcnOptions.Compact"/>, starting from the encoder of the default DeconvNet: whole images on a canvas of 256 pixels, the working size
    /// of the shipped FCN-8s, with scale jitter and class balancing; all skips at once; Adam.
    /// </summary>
    /// <param name="iterations">Steps of 16 images.</param>
    public static TrainingOptions CompactFcn(int iterations = 2_200) => new()
    {
        Stages =
        [
            new TrainingStage
            {
                Name = "whole-images",
                Source = ExampleSource.WholeImages,
                InputSize = 256,
                Iterations = iterations,
                BatchSize = 16,
                Accumulation = 1,
                Antialias = true,
                ScaleJitter = 1.5,
                ClassBalance = 0.5,
                Schedule = LearningRateSchedule.Cosine(1e-3, warmUp: 100),
            },
        ],
        Optimizer = new OptimizerOptions { Kind = OptimizerKind.Adam },
        CheckpointEvery = 100,
        StatisticsBatches = 100,
        StatisticsBatchSize = 16,
    };
}
