using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Proposals;
using DeconvNet.Proposals.Files;
using DeconvNet.Tests.Support;
using DeconvNet.Training;
using DeconvNet.Training.Logging;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Training;

/// <summary>Runs that stop and resume, and checkpoints that are refused.</summary>
public sealed partial class SegmentationTrainerTests
{
    [Fact]
    public async Task A_checkpoint_of_the_sound_form_does_not_go_on_with_Caffes()
    {
        using var folder = new TemporaryFolder();
        using var model = NewModel();
        await TrainAsync(model, DrawnScenes.Recipe(1, 1, folder.Root));
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => TrainAsync(model, DrawnScenes.Recipe(1, 1, folder.Root) with { CaffeCompatibility = true }));
        Assert.Contains("as Caffe", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_with_a_class_head_resumes_bit_for_bit_where_the_decoder_rests()
    {
        var recipe = WithClassHead(DrawnScenes.Recipe(4, 4));
        using var whole = NewModel();
        await TrainAsync(whole, recipe);

        using var folder = new TemporaryFolder();
        using (var stopped = NewModel())
        {
            using var stop = new CancellationTokenSource();
            var progress = new Steps(step =>
            {
                if (step is { Stage: "stage2", Iteration: 2 })
                    stop.Cancel();
            });
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TrainAsync(stopped, recipe with { Folder = folder.Root }, progress, stop));
        }

        random.manual_seed(99);
        using var resumed = new DeconvNetModel(DrawnScenes.Network);
        await TrainAsync(resumed, recipe with { Folder = folder.Root });

        AssertEqual(whole, resumed);
    }

    [Fact]
    public async Task A_search_for_proposals_that_is_stopped_keeps_what_it_found_and_the_stage_before()
    {
        using var folder = new TemporaryFolder();
        using var model = NewModel();
        using var stop = new CancellationTokenSource();
        var slow = new Searching(() => stop.Cancel());
        using (var trainer = new SegmentationTrainer(model, DrawnScenes.Recipe(3, 1, folder.Root), slow))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => trainer.TrainAsync(scenes.Dataset, null, stop.Token));
        var found = ProposalFile.Load(Assert.Single(Directory.GetFiles(folder.Root, "proposals-500-*.txt"))).Count;
        Assert.Equal(slow.Searched, found);

        var again = new Searching(() => { });
        var stages = new List<string>();
        using (var trainer = new SegmentationTrainer(model, DrawnScenes.Recipe(3, 1, folder.Root), again))
            await trainer.TrainAsync(scenes.Dataset, new Steps(step => stages.Add(step.Stage)), TestContext.Current.CancellationToken);

        Assert.Equal(4 - found, again.Searched);
        Assert.Equal(["stage2"], stages);
    }

    [Fact]
    public async Task A_run_that_was_killed_goes_on_from_its_last_checkpoint()
    {
        using var whole = NewModel();
        await TrainAsync(whole, DrawnScenes.Recipe(10, 4));

        using var folder = new TemporaryFolder();
        using (var killed = NewModel())
        {
            var progress = new Steps(step =>
            {
                if (step.Iteration == 8)
                    throw new InvalidTimeZoneException("as if the process had died here, three steps after a checkpoint");
            });
            await Assert.ThrowsAsync<InvalidTimeZoneException>(() => TrainAsync(killed, DrawnScenes.Recipe(10, 4, folder.Root), progress));
        }

        using var resumed = NewModel();
        var first = 0;
        await TrainAsync(resumed, DrawnScenes.Recipe(10, 4, folder.Root), new Steps(step => first = first == 0 ? step.Iteration : first));

        Assert.Equal(6, first);
        AssertEqual(whole, resumed);
        Assert.Equal(14, LossLog.Read(folder["log.csv"]).Count);
    }

    [Fact]
    public async Task A_finished_run_gives_its_weights_again_without_a_step()
    {
        using var folder = new TemporaryFolder();
        using var model = NewModel();
        await TrainAsync(model, DrawnScenes.Recipe(3, 2, folder.Root));

        using var again = new DeconvNetModel(DrawnScenes.Network);
        await TrainAsync(again, DrawnScenes.Recipe(3, 2, folder.Root), new Steps(_ => Assert.Fail("There was nothing left to do.")));

        AssertEqual(model, again);
        Assert.False(again.training);
    }

    [Fact]
    public async Task A_checkpoint_of_another_run_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var model = NewModel();
        await TrainAsync(model, DrawnScenes.Recipe(2, 1, folder.Root));

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => TrainAsync(model, DrawnScenes.Recipe(2, 1, folder.Root) with { Seed = 2 }));

        Assert.Contains("checkpoint of another run", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_of_another_network_is_refused_and_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        using (var model = NewModel())
            await TrainAsync(model, DrawnScenes.Recipe(2, 1, folder.Root));

        using var wider = new DeconvNetModel(DrawnScenes.Network with { Width = 9 });
        using var before = wider.parameters().First().clone();
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => TrainAsync(wider, DrawnScenes.Recipe(2, 1, folder.Root)));

        Assert.Contains("conv1_1.weight", error.Message, StringComparison.Ordinal);
        Assert.Equal(before.data<float>().ToArray(), wider.parameters().First().data<float>().ToArray());
    }

    [Fact]
    public async Task A_truncated_checkpoint_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var model = NewModel();
        await TrainAsync(model, DrawnScenes.Recipe(2, 1, folder.Root));
        var path = folder["checkpoint.safetensors"];
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(path, bytes[..(bytes.Length / 2)], TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => TrainAsync(model, DrawnScenes.Recipe(2, 1, folder.Root)));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statistics_at_the_end_are_reported_and_resume_bit_for_bit()
    {
        var recipe = DrawnScenes.Recipe(2, 2);
        using var whole = NewModel();
        var seen = new List<TrainingProgress>();
        await TrainAsync(whole, recipe, new Steps(seen.Add, seen.Add));

        Assert.Equal(Enumerable.Range(1, 4 + recipe.StatisticsBatches), seen.Select(step => step.Done));
        Assert.All(seen, step => Assert.Equal(4 + recipe.StatisticsBatches, step.Total));
        Assert.Equal(recipe.StatisticsBatches, seen.Count(step => step.IsStatistics && step.Iterations == recipe.StatisticsBatches && double.IsNaN(step.Loss)));

        using var folder = new TemporaryFolder();
        using (var stopped = NewModel())
        {
            using var stop = new CancellationTokenSource();
            var progress = new Steps(_ => { }, step =>
            {
                if (step.Iteration == 7)
                    stop.Cancel();
            });
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TrainAsync(stopped, recipe with { Folder = folder.Root }, progress, stop));
        }

        random.manual_seed(99);
        using var resumed = new DeconvNetModel(DrawnScenes.Network);
        var repeated = new List<int>();
        await TrainAsync(resumed, recipe with { Folder = folder.Root }, new Steps(_ => Assert.Fail("All steps were done."), step => repeated.Add(step.Iteration)));

        Assert.Equal([8, 9, 10], repeated);
        AssertEqual(whole, resumed);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(8)]
    public async Task NaN_weights_do_not_replace_the_checkpoint(int spoiledAfter)
    {
        using var folder = new TemporaryFolder();
        using var model = NewModel();
        var progress = StopAfter(5, out var stop);
        using (stop)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TrainAsync(model, DrawnScenes.Recipe(8, 1, folder.Root), progress, stop));
        var before = await File.ReadAllBytesAsync(folder["checkpoint.safetensors"], TestContext.Current.CancellationToken);

        using var spoiled = NewModel();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TrainAsync(spoiled, DrawnScenes.Recipe(8, 1, folder.Root), new Steps(step =>
        {
            // In training the network does not use these, so the loss stays finite, as it does if only a gradient is NaN.
            using var frozen = no_grad();
            if (step.Iteration >= spoiledAfter)
                spoiled.BatchNorm(spoiled.Layers[0]).running_mean!.fill_(float.NaN);
        })));

        Assert.Contains("'bn1_1.running_mean'", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(folder["checkpoint.safetensors"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_checkpoint_with_one_flipped_bit_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var model = NewModel();
        await TrainAsync(model, DrawnScenes.Recipe(2, 1, folder.Root));
        var path = folder["checkpoint.safetensors"];
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        bytes[^100] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => TrainAsync(model, DrawnScenes.Recipe(2, 1, folder.Root)));
        Assert.Contains("is damaged", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2 0 42 0")]
    [InlineData("3 0 3 0")]
    [InlineData("0 1 2 0")]
    [InlineData("0 1 1 4")]
    [InlineData("1 1 3 11")]
    public void A_position_that_the_run_never_reaches_is_refused(string place) =>
        Assert.False(TrainingPlace.TryParse(place)!.Value.IsIn(DrawnScenes.Recipe(2, 1), mayEndEarly: false));

    [Fact]
    public async Task Another_generator_of_proposals_makes_another_run()
    {
        using var folder = new TemporaryFolder();
        using var model = NewModel();
        await TrainAsync(model, DrawnScenes.Recipe(2, 1, folder.Root));
        using var trainer = new SegmentationTrainer(model, DrawnScenes.Recipe(2, 1, folder.Root), new FixedProposals([Boxes[0]]));

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => trainer.TrainAsync(scenes.Dataset, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("checkpoint of another run", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_mask_makes_another_run()
    {
        using var folder = new TemporaryFolder();
        using var model = NewModel();
        await TrainAsync(model, DrawnScenes.Recipe(2, 1, folder.Root));
        new LabelMap(64, 64, new byte[64 * 64]).SavePng(scenes.Dataset.LabelsPath(0));

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => TrainAsync(model, DrawnScenes.Recipe(2, 1, folder.Root)));
        Assert.Contains("checkpoint of another run", error.Message, StringComparison.Ordinal);
    }
}
