using System.CommandLine;
using DeconvNet.Crf;
using DeconvNet.Segmentation;
using DeconvNet.Weights;
using EvaluateDetail;
using EvaluateVoc;

var data = new DataOptions("val");
var limit = new Option<int?>("--limit") { Description = "Only the first N images." };
var holdOut = new Option<double>("--hold-out") { Description = "Only the images that Train holds out with the same data and --hold-out." };
var method = new Option<string>("--method")
{
    Description = $"What is measured; several names are joined by commas: {MethodName.All}.",
    DefaultValueFactory = _ => "deconvnet,deconvnet+crf,fcn8s,fcn8s+crf,edeconvnet,edeconvnet+crf",
};
var weights = SharedOptions.Weights();
var fcn8s = new Option<string?>("--fcn8s-weights") { Description = "A weights file for fcn8s instead of the built-in one." };
var engine = EngineSegmenters.Option();
var empty = new Option<string?>("--empty") { Description = "A folder of photos without objects of any class; anything found there is a false positive." };
var plain = new Option<bool>("--plain") { Description = "Ignore the temperature and region threshold of the weights." };
var outFolder = new Option<string>("--out") { Description = "The folder for outlines.svg, reliability.svg and detail.md.", Required = true };

var command = new RootCommand("Measures boundary accuracy, calibration, and false positives in photos without objects.")
{
    limit, holdOut, method, weights, fcn8s, engine, empty, plain, outFolder,
};
data.AddTo(command);
command.SetAction((arguments, cancellationToken) => CommandLine.WorkAsync(
    () =>
    {
        var given = new Dictionary<string, string>();
        if (arguments.GetValue(weights) is { } deconvNetFile)
            given["deconvnet"] = deconvNetFile;
        if (arguments.GetValue(fcn8s) is { } fcnFile)
            given["fcn8s"] = fcnFile;
        using var methods = new MethodSet
        {
            Engine = arguments.GetRequiredValue(engine),
            Proposals = ProposalSegmenterOptions.Default,
            Ensemble = CompactWeights.Ensemble,
            IsPlain = arguments.GetValue(plain),
            Crf = CrfOptions.DeconvNet,
            Weights = given,
        };
        new DetailCommand
        {
            Data = data.Open(arguments, cancellationToken),
            HoldOut = arguments.GetValue(holdOut),
            Limit = arguments.GetValue(limit),
            Methods = [.. MethodName.ParseList(arguments.GetRequiredValue(method)).Select(methods.Get)],
            Empty = arguments.GetValue(empty),
            Out = arguments.GetRequiredValue(outFolder),
        }.Run(cancellationToken);
        return Task.CompletedTask;
    },
    whenStopped: "Stopped; nothing was written."));
return await command.RunAsync(args);
