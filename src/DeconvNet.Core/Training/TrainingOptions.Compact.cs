using DeconvNet.Networks;

namespace DeconvNet.Training;

public sealed partial record TrainingOptions
{
    /// <summary>
    /// The recipe of the trained default weights for <see cref="DeconvNetOptions.Compact"/>: Adam instead of SGD, cosine rates, stronger changes of scale,
    /// and in the second stage some proposals of any overlap, since most of what the network meets when it is used overlaps no object.
    /// </summary>
    /// <param name="firstIterations">Steps of 16 crops in the first stage.</param>
    /// <param name="secondIterations">Steps of 16 crops in the second stage.</param>
    public static TrainingOptions Compact(int firstIterations = 6_000, int secondIterations = 12_000)
    {
        var stage = new TrainingStage
        {
            Name = "stage1",
            Source = ExampleSource.ObjectCrops,
            Iterations = firstIterations,
            BatchSize = 16,
            Accumulation = 1,
            ScaleJitter = 1.25,
            ClassBalance = 0.5,
            Schedule = LearningRateSchedule.Cosine(2e-3, warmUp: 100),
        };
        return new TrainingOptions
        {
            Stages =
            [
                stage,
                stage with
                {
                    Name = "stage2",
                    Source = ExampleSource.ProposalCrops,
                    Iterations = secondIterations,
                    AnyProposalShare = 0.2,
                    ProposalsPerImage = 200,
                    Schedule = LearningRateSchedule.Cosine(1e-3, warmUp: 100),
                },
            ],
            Optimizer = new OptimizerOptions { Kind = OptimizerKind.Adam },
            CheckpointEvery = 250,
            StatisticsBatches = 200,
        };
    }
}
