using System.CommandLine;
using DeconvNet.Datasets;
using DeconvNet.Proposals.Ranking;

namespace TrainProposals;

/// <summary>Trains the ranker of <see cref="RankedEdgeBoxes"/>.</summary>
internal static class RankerCommand
{
    public static Command Create()
    {
        var data = new DataOptions("train");
        var output = new Option<string>("--out") { Description = "Where to write the ranker.", Required = true };
        var holdOut = new Option<double>("--hold-out") { Description = "Fraction of the images that is left out, for choices.", DefaultValueFactory = _ => 0.04 };
        var limit = new Option<int?>("--limit") { Description = "Only the first N images that are trained on." };
        var trees = new Option<int>("--trees") { Description = "Number of trees.", DefaultValueFactory = _ => new RankerTrainingOptions().TreeCount };
        var command = new Command("ranker", "Trains the trees that rank candidate boxes.") { output, holdOut, limit, trees };
        data.AddTo(command);
        command.SetAction((arguments, cancellationToken) => CommandLine.WorkAsync(
            () =>
            {
                var path = arguments.GetRequiredValue(output);
                OutputPath.RequireWritable(path);
                var images = data.Open(arguments, cancellationToken).Split(arguments.GetValue(holdOut), seed: 1).Training;
                if (arguments.GetValue(limit) is { } count)
                    images = images.Take(count);
                ProposalRanker.Train(
                    Examples(images),
                    new RankerTrainingOptions { TreeCount = arguments.GetValue(trees) },
                    new DirectProgress<RankerTrainingProgress>(step => Show(step, images.Count)),
                    cancellationToken).Save(path);
                return Task.CompletedTask;
            },
            whenStopped: "Stopped; nothing was written."));
        return command;
    }

    private static IEnumerable<RankingExample> Examples(ISegmentationDataset images)
    {
        for (var i = 0; i < images.Count; i++)
            yield return new RankingExample(images.LoadImage(i), [.. images.LoadObjects(i).Select(thing => thing.Box)]);
    }

    private static void Show(RankerTrainingProgress step, int images)
    {
        if (step.Done == 0 && step.ImageCount % 100 == 0)
            Console.Error.WriteLine($"{step.ImageCount} of {images} images searched");
        else if (step.Done > 0 && step.Done % 20 == 0)
            Console.Error.WriteLine(FormattableString.Invariant($"{step.Done} trees, error {step.Error:F5}"));
    }
}
