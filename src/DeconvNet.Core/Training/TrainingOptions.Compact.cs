using DeconvNet.Architecture;
using DeconvNet.Training.Optimization;
using DeconvNet.Training.Stages;

namespace DeconvNet.Training;

public sealed partial record TrainingOptions
{
    /// <summary>
    /// A recipe for <see cref="DeconvNetOptions.Compact"/> from masks alone, without ImageNet pretraining: first the encoder is trained to classify objects, then come
    /// the two published stages, 768,000 crops in total. Adam instead of SGD, cosine decay, stronger scale jitter, an auxiliary loss at fc7, and in the last stage
    /// some arbitrary proposals, since most proposals at inference time overlap no object. The shipped weights come from a longer run on a
    /// GPU with a teacher; this recipe also accepts a <see cref="Distillation.Teacher"/>.
    /// </summary>
    /// <param name="encoderIterations">Steps of 64 crops for the encoder.</param>
    /// <param name="firstIterations">Steps of 32 crops in the first stage.</param>
    /// <param name="secondIterations">Steps of 32 crops in the second stage.</param>
    public static TrainingOptions Compact(int encoderIterations = 5_000, int firstIterations = 4_000, int secondIterations = 10_000)
    {
        var stage = new TrainingStage
        {
            Name = "stage1",
            Source = ExampleSource.ObjectCrops,
            Iterations = firstIterations,
            BatchSize = 32,
            Accumulation = 1,
            Antialias = true,
            ScaleJitter = 1.25,
            MinObjectSide = 60,
            IncludeDifficult = false,
            ClassBalance = 0.5,
            ClassLossWeight = 0.5,
            Schedule = LearningRateSchedule.Cosine(1e-3, warmUp: 100),
        };
        return new TrainingOptions
        {
            Stages =
            [
                stage with
                {
                    Name = "encoder",
                    Source = ExampleSource.ObjectClasses,
                    Iterations = encoderIterations,
                    BatchSize = 64,
                    ScaleJitter = 1.5,
                    Schedule = LearningRateSchedule.Cosine(2e-3, warmUp: 100),
                },
                stage,
                stage with
                {
                    Name = "stage2",
                    Source = ExampleSource.ProposalCrops,
                    Iterations = secondIterations,
                    AnyProposalFraction = 0.2,
                    ProposalsPerImage = 200,
                },
            ],
            Optimizer = new OptimizerOptions { Kind = OptimizerKind.Adam },
            CheckpointEvery = 250,
            StatisticsBatches = 200,
        };
    }
}
