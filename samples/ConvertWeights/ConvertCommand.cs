using DeconvNet.Networks;
using DeconvNet.OnnxRuntime;
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

    /// <summary>Accuracy by data set, added to what the file says.</summary>
    public IReadOnlyDictionary<string, MeasuredAccuracy> Metrics { get; init; } = new Dictionary<string, MeasuredAccuracy>();

    public void Run()
    {
        var format = FormatOf(Target);
        if (Half && format != Format.Safetensors)
            throw new ArgumentException("--half is for .safetensors; the other formats have 32 bits a value.");
        if (Unfolded && format == Format.Onnx)
            throw new ArgumentException("--unfolded is not for .onnx, in which batch norm is folded.");
        if (Path.GetFullPath(Source) == Path.GetFullPath(Target))
            throw new ArgumentException($"{Target} is the file to read; name another to write.");
        OutputPath.RequireWritable(Target);
        if (format == Format.Caffemodel && (Id is not null || Name is not null || Notes is not null || Metrics.Count > 0))
            throw new ArgumentException("--id, --name, --notes and --metric are for .safetensors and .onnx; a .caffemodel has no place for them.");

        var parameters = format == Format.Onnx ? Export() : Convert(format);
        AnsiConsole.MarkupLineInterpolated($"[bold]{Path.GetFileName(Target)}[/], {new FileInfo(Target).Length:N0} bytes, {parameters:N0} parameters");
        if (Unfolded && format == Format.Safetensors)
            AnsiConsole.WriteLine("Its batch norms have no population statistics: start a training from it, or compute them before segmenting.");
    }

    private long Export()
    {
        var contents = WeightsContents.Read(Source);
        TrainedWeights weights = contents.FcnOptions is not null ? new FcnWeights(Source, () => File.OpenRead(Source)) : new DeconvNetWeights(Source, () => File.OpenRead(Source));
        OnnxModel.Export(weights, Target, Described(contents.Info));
        return contents.Summary!.ParameterCount;
    }

    private long Convert(Format format)
    {
        var batchNorm = Unfolded ? CaffeBatchNorm.Unfolded : CaffeBatchNorm.Folded;
        using SegmentationModel model = WeightsContents.Read(Source).FcnOptions is not null ? FcnModel.Load(Source) : DeconvNetModel.Load(Source, batchNorm);
        if (format == Format.Safetensors)
            model.Save(Target, Described(model.Info), Half ? WeightPrecision.Half : WeightPrecision.Full);
        else if (model is DeconvNetModel deconvNet)
            deconvNet.SaveCaffemodel(Target, batchNorm);
        else
            ((FcnModel)model).SaveCaffemodel(Target);
        return model.parameters().Sum(parameter => parameter.numel());
    }

    private WeightsInfo Described(WeightsInfo info) => info with
    {
        Id = Id ?? info.Id,
        Name = Name ?? info.Name,
        Notes = Notes ?? info.Notes,
        Metrics = info.Metrics.Concat(Metrics).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Last().Value),
    };

    private static Format FormatOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".CAFFEMODEL" => Format.Caffemodel,
        ".ONNX" => Format.Onnx,
        ".SAFETENSORS" => Format.Safetensors,
        _ => throw new ArgumentException($"{path} names no format to write: its extension must be .safetensors, .caffemodel or .onnx."),
    };

    private enum Format
    {
        Safetensors,
        Caffemodel,
        Onnx,
    }
}
