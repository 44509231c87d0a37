using System.CommandLine;
using SegmentImage;

var photo = new Argument<string>("photo") { Description = "The photo: JPEG, PNG or another common format." };
var output = new Option<string>("--output", "-o") { Description = "Where to write the labels, an 8-bit palette PNG of the photo's size.", Required = true };
var overlay = new Option<string?>("--overlay") { Description = "Where to write the photo with the classes in color and a legend (PNG)." };
var boxes = new Option<string?>("--show-proposals") { Description = "Where to write the photo with the first 50 proposals that the network scored (PNG)." };
var weights = SharedOptions.Weights();
var maxProposals = SharedOptions.MaxProposals();
var method = new Option<string>("--method") { Description = "deconvnet, fcn8s (fast), or edeconvnet (both together; best).", DefaultValueFactory = _ => "deconvnet" };
method.AcceptOnlyFromAmong("deconvnet", "fcn8s", "edeconvnet");
var engine = EngineSegmenters.Option();
var crf = new Option<bool>("--crf") { Description = "Align outlines with the edges of the photo by a fully connected CRF." };

var command = new RootCommand("Names the class of every pixel of a photo.") { photo, output, overlay, boxes, weights, maxProposals, method, engine, crf };
command.SetAction((arguments, cancellationToken) => CommandLine.WorkAsync(
    () =>
    {
        new SegmentCommand
        {
            Photo = arguments.GetRequiredValue(photo),
            Output = arguments.GetRequiredValue(output),
            Overlay = arguments.GetValue(overlay),
            ProposalPicture = arguments.GetValue(boxes),
            Weights = arguments.GetValue(weights),
            MaxProposals = arguments.GetValue(maxProposals),
            Method = arguments.GetRequiredValue(method),
            Engine = arguments.GetRequiredValue(engine),
            Crf = arguments.GetValue(crf),
        }.Run(cancellationToken);
        return Task.CompletedTask;
    },
    whenStopped: "Stopped; nothing was written."));
return await command.RunAsync(args);
