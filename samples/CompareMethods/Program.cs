using System.CommandLine;
using DeconvNet.Imaging;
using DeconvNet.Imaging.Drawing;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

var photos = new Argument<string[]>("photo") { Description = "The photos, one picture for each.", Arity = ArgumentArity.OneOrMore };
var output = new Option<string>("--out") { Description = "The output folder; pictures have the names of their photos.", DefaultValueFactory = _ => "." };
var engine = EngineSegmenters.Option();

var command = new RootCommand("Draws the results of every method of the paper side by side.") { photos, output, engine };
command.SetAction((arguments, cancellationToken) => CommandLine.WorkAsync(
    () =>
    {
        var folder = arguments.GetRequiredValue(output);
        OutputPath.RequireWritableFolder(folder);

        using var deconvNet = EngineSegmenters.DeconvNet(arguments.GetRequiredValue(engine), file: null, ProposalSegmenterOptions.Default);
        using var fcn = EngineSegmenters.Fcn(arguments.GetRequiredValue(engine), file: null, FcnSegmenterOptions.Default);
        using var ensemble = new EnsembleSegmenter([deconvNet, fcn], CompactWeights.Ensemble);
        using var deconvNetCrf = deconvNet.WithCrf();
        using var ensembleCrf = ensemble.WithCrf();
        (string Name, ISegmenter Segmenter)[] methods =
            [("DeconvNet", deconvNet), ("DeconvNet + CRF", deconvNetCrf), ("FCN-8s", fcn), ("ensemble", ensemble), ("ensemble + CRF", ensembleCrf)];

        foreach (var path in arguments.GetRequiredValue(photos))
        {
            var photo = RgbImage.Load(path);
            var panels = new List<MontagePanel> { new(photo, "photo") };
            foreach (var (name, segmenter) in methods)
            {
                Console.Error.WriteLine($"{Path.GetFileName(path)}: {name}");
                panels.Add(new MontagePanel(segmenter.Segment(photo, cancellationToken: cancellationToken).Overlay(), name));
            }

            var picture = Path.Combine(folder, Path.GetFileNameWithoutExtension(path) + ".png");
            Montage.Draw(panels, columns: 3).SavePng(picture);
            Console.WriteLine(picture);
        }

        return Task.CompletedTask;
    },
    whenStopped: "Stopped; the pictures finished so far remain."));
return await command.RunAsync(args);
