using DeconvNet.Tests.Support;
using DeconvNet.Training;
using DeconvNet.Training.Logging;
using DeconvNet.Training.Ranks;
using TorchSharp;

namespace DeconvNet.Tests.Training;

public sealed partial class RankTrainingTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_only_rank_0_does_ends_all_where_it_fails(bool atStatistics)
    {
        var errors = await Task.WhenAll(new ThreadRanks(2).All.Select(async rank =>
        {
            using var model = NewModel();
            var listener = new Told(step =>
            {
                if (step.IsStatistics == atStatistics && step.Iteration == 2)
                    throw new IOException("the listener is gone");
            });
            return await Record.ExceptionAsync(() => TrainAsync(model, Recipe(2, 1), rank, rank.Rank == 0 ? listener : null));
        }));

        Assert.Equal("the listener is gone", Assert.IsType<IOException>(errors[0]).Message);
        Assert.Equal("Rank 0 failed: the listener is gone", Assert.IsType<InvalidOperationException>(errors[1]).Message);
    }

    [Theory]
    [InlineData(LossLog.FileName)]
    [InlineData(LossCurve.FileName)]
    [InlineData(Validation.BestFileName)]
    public async Task A_file_that_rank_0_cannot_write_ends_all(string file)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder[file]);

        var errors = await Task.WhenAll(new ThreadRanks(2).All.Select(async rank =>
        {
            using var model = NewModel();
            return await Record.ExceptionAsync(() => TrainAsync(model, Recipe(1, 1) with { Folder = folder.Root, StatisticsBatches = 0 }, rank, validation: new Validation(scenes.Dataset) { MaxProposals = 2 }));
        }));

        Assert.True(errors[0] is IOException or UnauthorizedAccessException, errors[0]?.ToString());
        Assert.StartsWith("Rank 0 failed: ", Assert.IsType<InvalidOperationException>(errors[1]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ranks_that_would_exchange_at_different_times_are_refused()
    {
        var ranks = new ThreadRanks(2).All.ToArray();
        TrainingOptions[] options = [Recipe(), Recipe() with { CheckpointEvery = 2 }];
        var errors = await Task.WhenAll(ranks.Select(async rank =>
        {
            using var model = NewModel();
            return await Record.ExceptionAsync(() => TrainAsync(model, options[rank.Rank], rank));
        }));

        Assert.All(errors, error => Assert.Contains("a checkpoint every 2 steps", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Work_together_fails_or_stops_on_all_and_every_rank_says_why()
    {
        var failed = await Together(rank => rank switch { 1 => throw new OperationCanceledException(), 2 => throw new InvalidDataException("bad"), _ => 0 });
        Assert.Equal("Rank 2 failed: bad", Assert.IsType<InvalidOperationException>(failed[0]).Message);
        Assert.Equal("Rank 2 failed: bad", Assert.IsType<InvalidOperationException>(failed[1]).Message);
        Assert.Equal("bad", Assert.IsType<InvalidDataException>(failed[2]).Message);

        var stopped = await Together(rank => rank == 1 ? throw new OperationCanceledException("me") : 0);
        Assert.Equal(["Rank 1 was stopped.", "me", "Rank 1 was stopped."], stopped.Select(error => Assert.IsType<OperationCanceledException>(error).Message));
        Assert.All(await Together(_ => 0), Assert.Null);

        static async Task<Exception?[]> Together(Func<int, int> work) =>
            await Task.WhenAll(new ThreadRanks(3).All.Select(rank => Task.Run(() => Record.Exception(() => rank.RunTogether(() => work(rank.Rank))))));
    }

    [Fact]
    public async Task What_a_stage_freezes_stays_bit_for_bit_on_all_ranks_and_the_rest_learns_as_in_one_process()
    {
        using var start = NewModel();
        foreach (var (encoder, norms) in new[] { (true, false), (false, true) })
        {
            var recipe = Recipe(3, 2);
            recipe = recipe with { Stages = [.. recipe.Stages.Select(stage => stage with { FreezeEncoder = encoder, FreezeBatchNorm = norms })], StatisticsBatches = 5 };
            using var alone = await TrainAloneAsync(recipe);
            var models = await TrainAsync(3, recipe);

            AssertClose(alone, models[0]);
            var (before, after) = (start.state_dict(), models[2].state_dict());
            var kept = alone.state_dict().Where(entry => entry.Value.equal(before[entry.Key]).all().ToBoolean()).Select(entry => entry.Key).ToArray();
            Assert.Contains(kept, name => name.Contains("running_mean", StringComparison.Ordinal));
            Assert.All(kept, name => Assert.True(after[name].equal(before[name]).all().ToBoolean(), name));
            Assert.NotEqual(Values(start), Values(models[0]));
            Dispose(models);
        }
    }
}
