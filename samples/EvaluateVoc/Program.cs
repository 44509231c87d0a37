using System.CommandLine;
using DeconvNet.Crf;
using DeconvNet.Segmentation;
using DeconvNet.Segmentation.Scores;
using DeconvNet.Weights;
using EvaluateVoc;

var data = new DataOptions("val");
var limit = new Option<int?>("--limit") { Description = "Only the first N images." };
var holdOut = new Option<double>("--hold-out") { Description = "Only the images that Train holds out with the same data and --hold-out, for model selection." };
var method = new Option<string>("--method") { Description = $"What is measured; several names are joined by commas: {MethodName.All}.", DefaultValueFactory = _ => "deconvnet" };

var weights = SharedOptions.Weights();
var fcn32s = new Option<string?>("--fcn32s-weights") { Description = "A weights file for fcn32s." };
var fcn16s = new Option<string?>("--fcn16s-weights") { Description = "A weights file for fcn16s." };
var fcn8s = new Option<string?>("--fcn8s-weights") { Description = "A weights file for fcn8s instead of the built-in one." };

var engine = EngineSegmenters.Option();
var maxProposals = new Option<int?>("--max-proposals") { Description = "Number of proposals that the network scores. Default: that of the recipe." };
var recipe = new Option<string>("--recipe") { Description = "Recipe of deconvnet: default, fast (10 proposals), paper or released (the authors' script).", DefaultValueFactory = _ => "default" };
recipe.AcceptOnlyFromAmong("default", "fast", "paper", "released");
var scoreMerge = new Option<ScoreMerge?>("--score-merge") { Description = "How scores are merged. Default: that of the recipe." };
var scores = new Option<ScoreKind?>("--scores") { Description = "Which scores are merged. Default: those of the recipe." };
var minSide = new Option<int?>("--min-side") { Description = "Minimum side of crops in pixels; smaller ones are skipped. Default: that of the recipe." };
var fcnSide = new Option<int?>("--fcn-side") { Description = "The longest side to which photos are resized for an FCN. Default: that of the weights." };
var ensemble = new Option<EnsembleRule>("--ensemble") { Description = "How edeconvnet combines its two networks.", DefaultValueFactory = _ => EnsembleOptions.Default.Rule };
var crf = new Option<string>("--crf") { Description = "Parameters of the CRF: released (the authors' script), or default (the usual ones, which smooth more).", DefaultValueFactory = _ => "released" };
crf.AcceptOnlyFromAmong("default", "released");

var plain = new Option<bool>("--plain") { Description = "Ignore the temperature and region threshold of the weights: keep every region." };

var outFolder = new Option<string?>("--out") { Description = "A folder that keeps the result of each image, so that an interrupted run can resume, with masks in the layout of a VOC submission." };
var from = new Option<string[]>("--from") { Description = "Folders with results of other machines, copied into --out first.", AllowMultipleArgumentsPerToken = true };
var shard = new Option<string?>("--shard") { Description = "Only one of several parts of equal size, for instance 2/5; auto asks a Slurm array or a Kubernetes Indexed Job. Results are in a folder of the part in --out." };
var merge = new Option<bool>("--merge") { Description = "Combines the parts in --out, all of which must be finished and made with the same settings." };
var json = new Option<string?>("--json") { Description = "Where to write the table as JSON." };
var csv = new Option<string?>("--csv") { Description = "Where to write the table as CSV." };
var markdown = new Option<string?>("--markdown") { Description = "Where to write the table as Markdown." };

var plot = new Option<string?>("--plot") { Description = "Where to draw mean IoU against the number of proposals of methods such as deconvnet@20, as SVG." };

var command = new RootCommand("Evaluates methods on a data set and prints the paper's Table 1, on VOC with the published figures.")
{
    limit, holdOut, method, weights, fcn32s, fcn16s, fcn8s, engine, maxProposals, recipe, scoreMerge, scores, minSide, fcnSide, ensemble, crf, plain,
    outFolder, from, shard, merge, json, csv, markdown, plot,
};
data.AddTo(command);
command.SetAction((arguments, cancellationToken) => CommandLine.WorkAsync(
    () =>
    {
        new EvaluateCommand
        {
            OpenData = () => data.Open(arguments, cancellationToken),
            HoldOut = arguments.GetValue(holdOut),
            Limit = arguments.GetValue(limit),
            Shard = arguments.GetValue(shard) is { } part ? Shard.Parse(part, Environment.GetEnvironmentVariable) : null,
            Merges = arguments.GetValue(merge),
            Methods = MethodName.ParseList(arguments.GetRequiredValue(method)),
            MakeMethods = () => new MethodSet
            {
                Engine = arguments.GetRequiredValue(engine),
                Proposals = Recipe.Of(
                    arguments.GetRequiredValue(recipe),
                    arguments.GetValue(maxProposals),
                    arguments.GetValue(scoreMerge),
                    arguments.GetValue(scores),
                    arguments.GetValue(minSide)),
                Fcn = FcnSegmenterOptions.Default with { WorkingSide = arguments.GetValue(fcnSide) },
                Ensemble = arguments.GetValue(ensemble) is var rule && rule == CompactWeights.Ensemble.Rule ? CompactWeights.Ensemble : new EnsembleOptions { Rule = rule },
                IsPlain = arguments.GetValue(plain),
                Crf = arguments.GetRequiredValue(crf) == "released" ? CrfOptions.DeconvNet : CrfOptions.Default,
                Weights = Given(("deconvnet", arguments.GetValue(weights)), ("fcn32s", arguments.GetValue(fcn32s)), ("fcn16s", arguments.GetValue(fcn16s)), ("fcn8s", arguments.GetValue(fcn8s))),
            },
            Out = arguments.GetValue(outFolder),
            From = arguments.GetValue(from) ?? [],
            Plot = arguments.GetValue(plot),
            Files =
            [
                (arguments.GetValue(json), table => table.ToJson()),
                (arguments.GetValue(csv), table => table.ToCsv()),
                (arguments.GetValue(markdown), table => table.ToMarkdown()),
            ],
        }.Run(cancellationToken);
        return Task.CompletedTask;
    },
    whenStopped: arguments.GetValue(outFolder) is { } kept ? $"Stopped; the images finished so far are in {kept}." : "Stopped; nothing was written."));
return await command.RunAsync(args);

static Dictionary<string, string> Given(params (string Network, string? File)[] weights) =>
    weights.Where(entry => entry.File is not null).ToDictionary(entry => entry.Network, entry => entry.File!);
