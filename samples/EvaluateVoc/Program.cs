using System.CommandLine;
using EvaluateVoc;

var voc = SharedOptions.Voc();
var set = SharedOptions.ImageSet("val");
var limit = new Option<int?>("--limit") { Description = "Only the first N images." };
var weights = SharedOptions.Weights();
var json = new Option<string?>("--json") { Description = "Where to write all figures and the confusion matrix." };
var maxProposals = SharedOptions.MaxProposals();

var command = new RootCommand("Measures a model on a VOC image set: IoU of each class, mean IoU, pixel accuracy.") { voc, set, limit, weights, json, maxProposals };
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
            MaxProposals = arguments.GetValue(maxProposals),
        }.Run(cancellationToken);
        return Task.CompletedTask;
    },
    whenStopped: "Stopped; nothing was written."));
return await command.RunAsync(args);
