using System.CommandLine;
using System.Globalization;
using ConvertWeights;
using DeconvNet.OnnxRuntime.Calibration;
using QuantizeWeights;

var source = new Argument<string>("in") { Description = "The weights: .safetensors, .caffemodel or a checkpoint of PyTorch." };
var target = new Argument<string>("out") { Description = "The .onnx or .onnx.gz file to write." };

var photos = new Option<string?>("--photos") { Description = "A folder of calibration photos. They should resemble the photos in use, and none of them may be used for evaluation." };
var voc = new Option<string?>("--voc") { Description = "A VOC2012 folder to calibrate on, instead of --photos." };
var set = SharedOptions.ImageSet("train");
var holdOut = new Option<double>("--hold-out") { Description = "With --voc: the fraction of the images to hold out, as in Train and EvaluateVoc." };
var count = new Option<int>("--count") { Description = "Number of photos to use, evenly spaced.", DefaultValueFactory = _ => 32 };

var range = new Option<RangeRule>("--range") { Description = "How the range of 8 bits is chosen: Largest, Percentile or Entropy.", DefaultValueFactory = _ => Int8Options.Default.Range };
var percentile = new Option<double>("--percentile") { Description = "The percentile of --range Percentile.", DefaultValueFactory = _ => Int8Options.Default.Percentile };
var weightBits = new Option<int>("--weight-bits") { Description = "Bits per kernel value, 4 to 8.", DefaultValueFactory = _ => Int8Options.Default.WeightBits };
var fullyConnectedBits = new Option<int>("--fc-weight-bits") { Description = "The same for the fully connected layers.", DefaultValueFactory = _ => Int8Options.Default.FullyConnectedWeightBits };
var floatLayers = new Option<string[]>("--float") { Description = "Layers that stay in 32-bit floats.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
var id = new Option<string?>("--id") { Description = "Unique id of the weights. Default: that of the file." };
var metrics = MetricOption.Create("Measured accuracy, instead of that of the file");

var command = new RootCommand("Quantizes weights to 8 bits for ONNX Runtime, calibrated on photos.")
{
    source, target, photos, voc, set, holdOut, count, range, percentile, weightBits, fullyConnectedBits, floatLayers, id, metrics,
};
Require(weightBits, value => value is >= 4 and <= 8, "4 to 8");
Require(fullyConnectedBits, value => value is >= 4 and <= 8, "4 to 8");
Require(percentile, value => value is > 50 and <= 100, "above 50, at most 100");
command.Validators.Add(arguments =>
{
    if ((arguments.GetValue(photos) is null) == (arguments.GetValue(voc) is null))
        arguments.AddError("Give --photos or --voc: what the layers put out is measured on photos.");
});
command.SetAction((arguments, cancellationToken) => CommandLine.WorkAsync(
    () =>
    {
        new QuantizeCommand
        {
            Source = arguments.GetRequiredValue(source),
            Target = arguments.GetRequiredValue(target),
            Photos = arguments.GetValue(photos) is { } folder
                ? CalibrationPhotos.InFolder(folder, arguments.GetValue(count))
                : CalibrationPhotos.OfVoc(arguments.GetRequiredValue(voc)!, arguments.GetRequiredValue(set), arguments.GetValue(holdOut), arguments.GetValue(count)),
            Options = new Int8Options
            {
                Range = arguments.GetValue(range),
                Percentile = arguments.GetValue(percentile),
                WeightBits = arguments.GetValue(weightBits),
                FullyConnectedWeightBits = arguments.GetValue(fullyConnectedBits),
                FloatLayers = arguments.GetRequiredValue(floatLayers),
            },
            Id = arguments.GetValue(id),
            Metrics = MetricOption.Read(arguments.GetRequiredValue(metrics)),
        }.Run(cancellationToken);
        return Task.CompletedTask;
    },
    whenStopped: "Stopped; nothing was written."));
return await command.RunAsync(args);

// What the options would say themselves, but only after the photos.
static void Require(Option option, Func<double, bool> holds, string expected) => option.Validators.Add(given =>
{
    foreach (var token in given.Tokens)
    {
        if (double.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) && !holds(value))
            given.AddError($"{option.Name} is {token.Value}; it must be {expected}.");
    }
});
