using DeconvNet.Training;
using DeconvNet.Training.Optimization;

namespace DeconvNet.Tests.Training;

public class LearningRateScheduleTests
{
    [Theory]
    [InlineData(0, 1e-2)]
    [InlineData(8999, 1e-2)]
    [InlineData(9000, 1e-3)]
    [InlineData(17999, 1e-3)]
    [InlineData(18000, 1e-4)]
    [InlineData(19999, 1e-4)]
    public void The_published_first_stage_has_the_authors_rates(int iteration, double rate) =>
        Assert.Equal(rate, TrainingOptions.Published.Stages[0].Schedule.RateAt(iteration, 20_000), 12);

    [Theory]
    [InlineData(9_999, 1e-2)]
    [InlineData(10_000, 1e-3)]
    [InlineData(39_999, 1e-5)]
    public void The_published_second_stage_has_the_authors_rates(int iteration, double rate) =>
        Assert.Equal(rate, TrainingOptions.Published.Stages[1].Schedule.RateAt(iteration, 40_000), 12);

    [Fact]
    public void A_cosine_rises_at_the_start_and_falls_to_zero()
    {
        var schedule = LearningRateSchedule.Cosine(1, warmUp: 9);
        Assert.Equal(0.1, schedule.RateAt(0, 109), 12);
        Assert.Equal(0.9, schedule.RateAt(8, 109), 12);
        Assert.Equal(1, schedule.RateAt(9, 109), 12);
        Assert.Equal(0.5, schedule.RateAt(59, 109), 12);
        Assert.InRange(schedule.RateAt(108, 109), 0, 0.001);
    }

    [Fact]
    public void The_published_recipe_is_the_authors()
    {
        Assert.Equal([20_000, 40_000], TrainingOptions.Published.Stages.Select(stage => stage.Iterations));
        Assert.All(TrainingOptions.Published.Stages, stage => Assert.Equal(64, stage.BatchSize * stage.Accumulation));
        Assert.Equal(new OptimizerOptions { Kind = OptimizerKind.Sgd, Momentum = 0.9, WeightDecay = 0.0005, BiasRateFactor = 2 }, TrainingOptions.Published.Optimizer);
    }
}
