using System.CommandLine;
using DeconvNet.Imaging.Drawing;
using SegmentImage;

var photos = new Argument<string[]>("photo")
{
    Description = "A photo (JPEG, PNG or another common format), or a batch: several photos, a folder, or a pattern such as 'photos/**/*.jpg'.",
    Arity = ArgumentArity.OneOrMore,
};
var output = new Option<string>("--output", "-o") { Description = "Where to write the labels, an 8-bit palette PNG of the photo's size; for a batch, the folder of these.", Required = true };
var overlay = new Option<string?>("--overlay") { Description = "Where to write the photo with the classes in color and a legend (PNG); for a batch, a folder." };
var classes = new Option<string[]>("--classes") { Description = "The classes that the overlay shows, such as person,dog. Default: all.", AllowMultipleArgumentsPerToken = true };
var legend = new Option<LegendPlacement>("--legend") { Description = "Position of the overlay's legend.", DefaultValueFactory = _ => LegendPlacement.Below };
var opacity = new Option<double>("--opacity") { Description = "Weight of the colors of the overlay, 0 to 1.", DefaultValueFactory = _ => OverlayOptions.Default.Opacity };
var boxes = new Option<string?>("--show-proposals") { Description = "Where to write the photo with the first 50 proposals that the network scored (PNG); for a batch, a folder." };
var cutout = new Option<string?>("--cutout") { Description = "Where to write the cut-out: what was found, everything else transparent (PNG); for a batch, a folder." };
var cutoutClasses = new Option<string[]>("--cutout-classes") { Description = "The classes to cut out, such as person,dog. Default: all but background.", AllowMultipleArgumentsPerToken = true };
var json = new Option<string?>("--json") { Description = "Where to write classes, regions with their outlines, proposals and times as JSON; for a batch, a folder." };
var coco = new Option<string?>("--coco") { Description = "Where to write the regions of all photos as one COCO file; every photo of a batch is then segmented, including those that an earlier run finished." };
var overwrite = new Option<bool>("--overwrite") { Description = "Segment photos of a batch again even if an earlier run finished them." };
var shard = new Option<string?>("--shard") { Description = "Only one of several parts of a batch, for instance 2/5; auto asks a Slurm array or a Kubernetes Indexed Job. All write to the same folder." };
var merge = new Option<bool>("--merge") { Description = "Check that all parts of a batch are finished and were made with the same settings." };
var weights = new Option<string?>("--weights") { Description = "A weights file instead of the built-in one: of a DeconvNet (.safetensors or .caffemodel), or with --method fcn8s of an FCN." };
var maxProposals = SharedOptions.MaxProposals();
var method = new Option<string>("--method") { Description = "deconvnet, fcn8s (fast), or edeconvnet (both together; best).", DefaultValueFactory = _ => "deconvnet" };
method.AcceptOnlyFromAmong("deconvnet", "fcn8s", "edeconvnet");
var engine = EngineSegmenters.Option();
var crf = new Option<bool>("--crf") { Description = "Align outlines with the edges of the photo with a fully connected CRF." };

var command = new RootCommand("Segments a photo, or a batch of photos.") { photos, output, overlay, classes, legend, opacity, boxes, cutout, cutoutClasses, json, coco, overwrite, shard, merge, weights, maxProposals, method, engine, crf };
command.SetAction((arguments, cancellationToken) => CommandLine.WorkAsync(
    () => new SegmentCommand
    {
        Photos = arguments.GetRequiredValue(photos),
        Results = new ResultFiles
        {
            Labels = arguments.GetRequiredValue(output),
            Overlay = arguments.GetValue(overlay),
            OverlayOptions = new OverlayOptions
            {
                Classes = Names(arguments, classes),
                Legend = arguments.GetValue(legend),
                Opacity = arguments.GetValue(opacity),
            },
            ProposalPicture = arguments.GetValue(boxes),
            Cutout = arguments.GetValue(cutout),
            CutoutClasses = Names(arguments, cutoutClasses),
            Json = arguments.GetValue(json),
            Coco = arguments.GetValue(coco),
        },
        Overwrite = arguments.GetValue(overwrite),
        Shard = arguments.GetValue(shard) is { } part ? Shard.Parse(part, Environment.GetEnvironmentVariable) : null,
        Merges = arguments.GetValue(merge),
        Weights = arguments.GetValue(weights),
        MaxProposals = arguments.GetValue(maxProposals),
        Method = arguments.GetRequiredValue(method),
        Engine = arguments.GetRequiredValue(engine),
        Crf = arguments.GetValue(crf),
    }.RunAsync(cancellationToken),
    whenStopped: PhotoList.IsOne(arguments.GetRequiredValue(photos)) ? "Stopped; nothing was written." : "Stopped; what is finished remains, and the next run goes on from there."));
return await command.RunAsync(args);

static string[]? Names(ParseResult arguments, Option<string[]> option) =>
    arguments.GetResult(option) is null ? null : [.. arguments.GetRequiredValue(option).SelectMany(names => names.Split(','))];
