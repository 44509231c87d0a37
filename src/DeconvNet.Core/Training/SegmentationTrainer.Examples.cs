using System.Runtime.ExceptionServices;
using DeconvNet.Datasets;
using DeconvNet.Proposals;
using DeconvNet.Proposals.Files;
using DeconvNet.Training.Examples;
using DeconvNet.Training.Stages;

namespace DeconvNet.Training;

public sealed partial class SegmentationTrainer
{
    /// <summary>Sequences of different use must not share random numbers: those of the statistics and of dropout lie far behind the stages.</summary>
    private const int StatisticsSequence = 1_000_000;

    private const int DropoutSequence = 2_000_000;

    private ExampleSampler MakeSampler(ImageSource images, TrainingStage stage, CancellationToken cancellationToken)
    {
        if (stage.Source == ExampleSource.WholeImages)
            return new ExampleSampler(ExampleWindows.OfImages(images, cancellationToken), stage.ClassBalance, [], 0);
        if (stage.Source != ExampleSource.ProposalCrops)
            return new ExampleSampler(ExampleWindows.OfObjects(images, stage, cancellationToken), stage.ClassBalance, [], 0);

        var (overlapping, any) = ExampleWindows.OfProposals(images, FindProposals(images.Data, stage.ProposalsPerImage, cancellationToken), stage.MinIoU, cancellationToken);
        return new ExampleSampler(overlapping, stage.ClassBalance, any, stage.AnyProposalFraction);
    }

    private BatchLoader MakeLoader(ImageSource images, ExampleSampler sampler, int stageIndex, int batchSize, long firstBatch, CancellationToken cancellationToken, int sequence = 0)
    {
        var stage = options.Stages[stageIndex];
        var size = InputSizeOf(stage);
        IExampleMaker maker = stage.Source == ExampleSource.WholeImages
            ? new WholeImageMaker(images, stage, size, model.Preprocessing)
            : new CropMaker(images, stage, size, model.Preprocessing);
        var softClasses = teacher?.SoftTargets is not null && stage.ShowsAllClasses ? model.ClassNames.Count : 0;
        return new BatchLoader(sampler, maker, size, batchSize, softClasses, position => new ExampleRandom(options.Seed, sequence + stageIndex, position), firstBatch, options.Prefetch, cancellationToken);
    }

    private int InputSizeOf(TrainingStage stage) => (stage.InputSize, model.FixedInputSize) switch
    {
        ({ } size, null) => size,
        (null, { } size) => size,
        ({ } size, { } only) when size == only => size,
        (null, null) => throw new ArgumentException($"The stage {stage.Name} has no InputSize, and the network takes any size: one must be given."),
        var (size, only) => throw new ArgumentException($"The stage {stage.Name} has InputSize {size}; the network takes {only} only."),
    };

    /// <summary>The proposals of every image: from the folder if an earlier run left them there, else searched for, which takes a while.</summary>
    private IReadOnlyList<Proposal>[] FindProposals(ISegmentationDataset data, int perImage, CancellationToken cancellationToken)
    {
        var cache = options.Folder is null ? null : Path.Combine(options.Folder, ProposalsFile(data, perImage));
        var known = File.Exists(cache) ? ProposalFile.Load(cache) : new Dictionary<string, IReadOnlyList<Proposal>>();
        var found = new IReadOnlyList<Proposal>?[data.Count];
        try
        {
            Parallel.For(0, data.Count, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, image =>
                found[image] = known.GetValueOrDefault(data.Ids[image]) ?? proposals.Generate(data.LoadImage(image), perImage, cancellationToken));
        }
        catch (AggregateException errors)
        {
            ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }
        finally
        {
            // What was found before the search was stopped need not be searched for again.
            if (cache is not null && !data.Ids.All(known.ContainsKey))
                ProposalFile.Save(cache, data.Ids.Zip(found).Where(entry => entry.Second is not null).Select(entry => KeyValuePair.Create(entry.First, entry.Second!)));
        }

        return found!;
    }
}
