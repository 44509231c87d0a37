using System.CommandLine;
using DeconvNet.Datasets;
using DeconvNet.Evaluation;
using DeconvNet.Evaluation.Metrics;
using DeconvNet.Proposals.Ranking;
using EvaluateProposals;

var data = new DataOptions("val");
var limit = new Option<int?>("--limit") { Description = "Only the first N images." };
var holdOut = new Option<double>("--hold-out") { Description = "Only the images that TrainProposals holds out with the same --hold-out, for model selection." };
var rankerFile = new Option<string?>("--ranker") { Description = "A ranker of TrainProposals instead of the built-in one." };
var only = new Option<string[]>("--only") { Description = "Names of the generators to measure; all if omitted.", AllowMultipleArgumentsPerToken = true };
var plot = new Option<string?>("--plot") { Description = "Where to draw recall against the number of proposals, as SVG." };

var command = new RootCommand("Measures the recall of proposals on a data set.") { limit, holdOut, rankerFile, only, plot };
data.AddTo(command);
command.SetAction((arguments, cancellationToken) => CommandLine.WorkAsync(
    () =>
    {
        if (arguments.GetValue(plot) is { } picture)
            OutputPath.RequireWritable(picture);
        var images = data.Open(arguments, cancellationToken);
        if (arguments.GetValue(holdOut) is var fraction and > 0)
            images = images.Split(fraction, seed: 1).HeldOut;
        if (arguments.GetValue(limit) is { } count)
            images = images.Take(count);

        var ranker = arguments.GetValue(rankerFile) is { } file ? ProposalRanker.Load(file) : ProposalRanker.Default;
        var generators = Generators.All(ranker);
        if (arguments.GetValue(only) is { Length: > 0 } names)
        {
            if (Array.Find(names, name => generators.All(known => known.Name != name)) is { } unknown)
                throw new ArgumentException($"There is no generator '{unknown}'; there are {string.Join(", ", generators.Select(known => $"'{known.Name}'"))}.");
            generators = [.. generators.Where(known => names.Contains(known.Name))];
        }

        var measured = new List<(string Name, ProposalRecall Recall)>();
        foreach (var (name, generator) in generators)
        {
            Console.Error.WriteLine($"{name}: {images.Count} images");
            measured.Add((name, generator.Evaluate(images, cancellationToken: cancellationToken)));
        }

        Console.Write(RecallTable.Markdown(measured));
        if (arguments.GetValue(plot) is { } path)
            File.WriteAllText(path, RecallPlot.Svg(measured));
        return Task.CompletedTask;
    },
    whenStopped: "Stopped; nothing was written."));
return await command.RunAsync(args);
