using System.CommandLine;
using DeconvNet.Segmentation;
using EvaluateVoc;

var voc = new Option<string>("--voc") { Description = "The VOC2012 folder: it holds JPEGImages, SegmentationClass and ImageSets.", Required = true };
var set = new Option<string>("--set") { Description = "The image set, or several joined by +.", DefaultValueFactory = _ => "val" };
var limit = new Option<int?>("--limit") { Description = "Only the first N images." };
var weights = new Option<string?>("--weights") { Description = "A weights file (.safetensors or .caffemodel) instead of the built-in one." };
var json = new Option<string?>("--json") { Description = "Where to write all figures and the confusion matrix." };
var maxProposals = new Option<int>("--max-proposals")
{
    Description = "How many proposals the network looks at; time grows with it.",
    DefaultValueFactory = _ => ProposalSegmenterOptions.Default.MaxProposals,
};

var command = new RootCommand("Measures a model on a VOC image set: IoU of each class, mean IoU, pixel accuracy.") { voc, set, limit, weights, json, maxProposals };
command.SetAction((arguments, cancellationToken) => Task.Run(
    () => new EvaluateCommand
    {
        Voc = arguments.GetRequiredValue(voc),
        ImageSet = arguments.GetRequiredValue(set),
        Limit = arguments.GetValue(limit),
        Weights = arguments.GetValue(weights),
        Json = arguments.GetValue(json),
        MaxProposals = arguments.GetValue(maxProposals),
    }.Run(cancellationToken),
    CancellationToken.None));
return await command.Parse(args).InvokeAsync();
