using System.Globalization;
using DeconvNet.Networks;
using DeconvNet.Weights;
using DeconvNet.Weights.Formats;
using Spectre.Console;

namespace ConvertWeights;

internal sealed class ConvertCommand
{
    public required string Source { get; init; }

    public required string Target { get; init; }

    public bool Half { get; init; }

    public bool Unfolded { get; init; }

    public string? Id { get; init; }

    public string? Name { get; init; }

    public string? Notes { get; init; }

    /// <summary>Each <c>NAME=VALUE</c>.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    public void Run()
    {
        var toCaffe = IsCaffemodel(Target);
        if (Half && toCaffe)
            throw new ArgumentException("--half is for .safetensors; a .caffemodel has 32 bits a value.");
        if (Path.GetFullPath(Source) == Path.GetFullPath(Target))
            throw new ArgumentException($"{Target} is the file to read; name another to write.");
        CommandLine.RequireFolderOf(Target);
        if (toCaffe && (Id is not null || Name is not null || Notes is not null || Metrics.Count > 0))
            throw new ArgumentException("--id, --name, --notes and --metric are for .safetensors; a .caffemodel has no place for them.");

        var batchNorm = Unfolded ? CaffeBatchNorm.Unfolded : CaffeBatchNorm.Folded;
        using SegmentationModel model = WeightsContents.Read(Source).FcnOptions is not null ? FcnModel.Load(Source) : DeconvNetModel.Load(Source, batchNorm);
        if (!toCaffe)
            model.Save(Target, Described(model.Info), Half ? WeightPrecision.Half : WeightPrecision.Full);
        else if (model is DeconvNetModel deconvNet)
            deconvNet.SaveCaffemodel(Target, batchNorm);
        else
            ((FcnModel)model).SaveCaffemodel(Target);

        var parameters = model.parameters().Sum(parameter => parameter.numel());
        AnsiConsole.MarkupLineInterpolated($"[bold]{Path.GetFileName(Target)}[/], {new FileInfo(Target).Length:N0} bytes, {parameters:N0} parameters");
        if (Unfolded && !toCaffe)
            AnsiConsole.WriteLine("Its batch norms have no statistics of a population: train from it, or measure them before it segments.");
    }

    private WeightsInfo Described(WeightsInfo info) => info with
    {
        Id = Id ?? info.Id,
        Name = Name ?? info.Name,
        Notes = Notes ?? info.Notes,
        Metrics = info.Metrics.Concat(Metrics.Select(Metric)).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Last().Value),
    };

    private static KeyValuePair<string, double> Metric(string text)
    {
        var parts = text.Split('=', 2);
        return parts.Length == 2 && double.TryParse(parts[1], CultureInfo.InvariantCulture, out var value)
            ? KeyValuePair.Create(parts[0], value)
            : throw new ArgumentException($"--metric {text}: expected is NAME=NUMBER.");
    }

    private static bool IsCaffemodel(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".CAFFEMODEL" => true,
        ".SAFETENSORS" => false,
        _ => throw new ArgumentException($"{path} names no format to write: its extension must be .safetensors or .caffemodel."),
    };
}
