using System.CommandLine;
using DeconvNet.Segmentation;
using EvaluateVoc;

var voc = SharedOptions.Voc();
var set = SharedOptions.ImageSet("val");
var limit = new Option<int?>("--limit") { Description = "Only the first N images." };
var weights = SharedOptions.Weights();
var json = new Option<string?>("--json") { Description = "Where to write all figures and the confusion matrix." };
var maxProposals = new Option<int?>("--max-proposals") { Description = "How many proposals the network looks at, if not the recipe's number." };
var recipe = new Option<string>("--recipe") { Description = "Recipe of the segmentation: default, paper or released (the authors' script).", DefaultValueFactory = _ => "default" };
recipe.AcceptOnlyFromAmong("default", "paper", "released");
var merge = new Option<ScoreMerge?>("--merge") { Description = "How scores are merged, if not as the recipe does." };
var scores = new Option<ScoreKind?>("--scores") { Description = "Which scores are merged, if not the recipe's." };
var minimumSide = new Option<int?>("--minimum-side") { Description = "Crops with a smaller side are skipped, in pixels, if not the recipe's." };
var holdOut = new Option<double>("--hold-out") { Description = "Only the images that TrainVoc with the same --set and --hold-out leaves out: choices are made on these." };

var command = new RootCommand("Measures a model on a VOC image set: IoU of each class, mean IoU, pixel accuracy.")
{
    voc, set, limit, weights, json, maxProposals, recipe, merge, scores, minimumSide, holdOut,
};
command.SetAction((arguments, cancellationToken) => CommandLine.WorkAsync(
    () =>
    {
        new EvaluateCommand
        {
            Voc = arguments.GetRequiredValue(voc),
            ImageSet = arguments.GetRequiredValue(set),
            Limit = arguments.GetValue(limit),
            Weights = arguments.GetValue(weights),
            Json = arguments.GetValue(json),
            HoldOut = arguments.GetValue(holdOut),
            Options = Recipe.Of(
                arguments.GetRequiredValue(recipe),
                arguments.GetValue(maxProposals),
                arguments.GetValue(merge),
                arguments.GetValue(scores),
                arguments.GetValue(minimumSide)),
        }.Run(cancellationToken);
        return Task.CompletedTask;
    },
    whenStopped: "Stopped; nothing was written."));
return await command.RunAsync(args);
