using System.Globalization;
using DeconvNet;
using DeconvNet.OnnxRuntime;
using DeconvNet.OnnxRuntime.Calibration;
using DeconvNet.Weights;
using Spectre.Console;

namespace QuantizeWeights;

internal sealed class QuantizeCommand
{
    public required string Source { get; init; }

    public required string Target { get; init; }

    public required IReadOnlyList<string> Photos { get; init; }

    public required Int8Options Options { get; init; }

    public string? Id { get; init; }

    /// <summary>Accuracy by data set.</summary>
    public IReadOnlyDictionary<string, MeasuredAccuracy> Metrics { get; init; } = new Dictionary<string, MeasuredAccuracy>();

    public void Run(CancellationToken cancellationToken)
    {
        if (!Target.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) && !Target.EndsWith(".onnx.gz", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"{Target} must end in .onnx or .onnx.gz.");
        OutputPath.RequireWritable(Target);

        // What is wrong on the command line is said now, not after the photos.
        if (Photos.FirstOrDefault(photo => !File.Exists(photo)) is { } missing)
            throw new FileNotFoundException($"There is no photo {missing}.", missing);
        var contents = WeightsContents.Read(Source);
        TrainedWeights weights = contents.FcnOptions is not null ? new FcnWeights(Source, () => File.OpenRead(Source)) : new DeconvNetWeights(Source, () => File.OpenRead(Source));

        var progress = new DirectProgress<WorkProgress>(step => Console.Error.Write($"\r{step.Done} of {step.Total} photos"));
        var histograms = OnnxModel.Calibrate(weights, Photos, progress: progress, cancellationToken: cancellationToken);
        Console.Error.WriteLine();
        OnnxModel.ExportInt8(weights, histograms, Target, Options, Described(contents.Info));
        AnsiConsole.Write(Ranges(histograms));
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{Path.GetFileName(Target)}[/], {new FileInfo(Target).Length:N0} bytes");
    }

    private Table Ranges(ActivationHistograms histograms)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("layer").AddColumn(new TableColumn("largest").RightAligned()).AddColumn(new TableColumn("8 bits reach").RightAligned());
        foreach (var layer in histograms.Layers)
        {
            var largest = histograms.RangeOf(layer, new Int8Options { Range = RangeRule.Largest });
            table.AddRow(new Text(layer), new Text(FormattableString.Invariant($"{largest:0.00}")), new Text(FormattableString.Invariant($"{histograms.RangeOf(layer, Options):0.00}")));
        }

        return table;
    }

    // The figures measured with 32-bit floats do not apply to the quantized weights.
    private WeightsInfo Described(WeightsInfo info) => info with
    {
        Id = Id ?? (info.Id is { } before ? $"{before}-int8" : null),
        Recipe = $"{info.Recipe}{(info.Recipe is null ? "" : "; ")}rounded to 8 bits: {Options}, calibrated on {Photos.Count} photos",
        Metrics = Metrics,
    };
}
