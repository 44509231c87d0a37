using System.Runtime.ExceptionServices;
using DeconvNet.Datasets;
using DeconvNet.Proposals;
using DeconvNet.Proposals.Files;
using DeconvNet.Training.Examples;
using DeconvNet.Training.Ranks;
using DeconvNet.Training.Stages;

namespace DeconvNet.Training;

public sealed partial class SegmentationTrainer
{
    /// <summary>Sequences for different purposes must not share random numbers: those of statistics and dropout come far after the stages.</summary>
    private const int StatisticsSequence = 1_000_000;

    private const int DropoutSequence = 2_000_000;

    private ExampleSampler MakeSampler(ImageSource images, TrainingStage stage, CancellationToken cancellationToken)
    {
        var found = stage.Source == ExampleSource.ProposalCrops ? FindProposals(images.Data, stage.ProposalsPerImage, cancellationToken) : [];
        ExampleSampler? sampler = null;
        team.Run(() => sampler = MakeSampler(images, stage, found, cancellationToken));
        return sampler!;
    }

    private static ExampleSampler MakeSampler(ImageSource images, TrainingStage stage, IReadOnlyList<Proposal>[] found, CancellationToken cancellationToken)
    {
        if (stage.Source == ExampleSource.WholeImages)
            return new ExampleSampler(ExampleWindows.OfImages(images, cancellationToken), stage.ClassBalance, [], 0);
        if (stage.Source != ExampleSource.ProposalCrops)
            return new ExampleSampler(ExampleWindows.OfObjects(images, stage, cancellationToken), stage.ClassBalance, [], 0);

        var (overlapping, any) = ExampleWindows.OfProposals(images, found, stage.MinIoU, cancellationToken);
        return new ExampleSampler(overlapping, stage.ClassBalance, any, stage.AnyProposalFraction);
    }

    private BatchLoader MakeLoader(ImageSource images, ExampleSampler sampler, int stageIndex, int batchSize, IEnumerable<long> numbers, CancellationToken cancellationToken, int sequence = 0)
    {
        var stage = options.Stages[stageIndex];
        var size = InputSizeOf(stage);
        IExampleMaker maker = stage.Source == ExampleSource.WholeImages
            ? new WholeImageMaker(images, stage, size, model.Preprocessing)
            : new CropMaker(images, stage, size, model.Preprocessing);
        var softClasses = teacher?.SoftTargets is not null && stage.ShowsAllClasses ? model.ClassNames.Count : 0;
        return new BatchLoader(sampler, maker, size, batchSize, softClasses, position => new ExampleRandom(options.Seed, sequence + stageIndex, position), numbers, options.Prefetch, cancellationToken);
    }

    private int InputSizeOf(TrainingStage stage) => (stage.InputSize, model.FixedInputSize) switch
    {
        ({ } size, null) => size,
        (null, { } size) => size,
        ({ } size, { } only) when size == only => size,
        (null, null) => throw new ArgumentException($"The stage {stage.Name} has no InputSize, and the network takes any size: one must be given."),
        var (size, only) => throw new ArgumentException($"The stage {stage.Name} has InputSize {size}; the network takes {only} only."),
    };

    /// <summary>The proposals of every image: from the folder if an earlier run stored them there, otherwise generated, which takes a while.</summary>
    private IReadOnlyList<Proposal>[] FindProposals(ISegmentationDataset data, int perImage, CancellationToken cancellationToken)
    {
        var cache = options.Folder is null ? null : Path.Combine(options.Folder, ProposalsFile(data, perImage));
        var found = new IReadOnlyList<Proposal>?[data.Count];
        team.Run(() => ReadProposals(team.IsFirst ? cache : null, data, found));
        ProposalExchange.Tell(team, found, root: 0);
        int[] missing = [.. Enumerable.Range(0, data.Count).Where(image => found[image] is null)];
        if (missing.Length == 0)
            return found!;

        // Photos are assigned to ranks in turn, so that slow ones are spread evenly.
        int[] mine = [.. missing.Where((_, i) => i % team.Size == team.Rank)];
        ExceptionDispatchInfo? failure = null;
        var threads = team.IsAlone ? Environment.ProcessorCount : TorchSharp.torch.get_num_threads();
        try
        {
            Parallel.ForEach(mine, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = threads }, image =>
                found[image] = proposals.Generate(data.LoadImage(image), perImage, cancellationToken));
        }
        catch (AggregateException errors)
        {
            failure = ExceptionDispatchInfo.Capture(errors.InnerExceptions[0]);
        }
        catch (OperationCanceledException stopped)
        {
            failure = ExceptionDispatchInfo.Capture(stopped);
        }

        for (var rank = 0; rank < team.Size; rank++)
            ProposalExchange.Tell(team, found, rank);
        team.Run(() =>
        {
            // Proposals found before a cancellation need not be generated again.
            if (cache is not null && team.IsFirst)
                ProposalFile.Save(cache, data.Ids.Zip(found).Where(entry => entry.Second is not null).Select(entry => KeyValuePair.Create(entry.First, entry.Second!)));
            failure?.Throw();
        });
        return found!;
    }

    private static void ReadProposals(string? path, ISegmentationDataset data, IReadOnlyList<Proposal>?[] found)
    {
        if (!File.Exists(path))
            return;
        var known = ProposalFile.Load(path);
        for (var image = 0; image < data.Count; image++)
            found[image] = known.GetValueOrDefault(data.Ids[image]);
    }
}
