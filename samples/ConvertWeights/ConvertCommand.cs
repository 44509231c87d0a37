using DeconvNet.Networks;
using DeconvNet.Weights;
using Spectre.Console;

namespace ConvertWeights;

internal sealed class ConvertCommand
{
    public required string Source { get; init; }

    public required string Target { get; init; }

    public bool Half { get; init; }

    public bool Unfolded { get; init; }

    public void Run()
    {
        var toCaffe = IsCaffemodel(Target);
        if (Half && toCaffe)
            throw new ArgumentException("--half is for .safetensors; a .caffemodel has 32 bits a value.");
        if (Path.GetFullPath(Source) == Path.GetFullPath(Target))
            throw new ArgumentException($"{Target} is the file to read; name another to write.");
        CommandLine.RequireFolderOf(Target);

        var batchNorm = Unfolded ? CaffeBatchNorm.Unfolded : CaffeBatchNorm.Folded;
        using var model = DeconvNetModel.Load(Source, batchNorm);
        if (toCaffe)
            model.SaveCaffemodel(Target, batchNorm);
        else
            model.Save(Target, precision: Half ? WeightPrecision.Half : WeightPrecision.Full);

        AnsiConsole.MarkupLineInterpolated($"[bold]{Path.GetFileName(Target)}[/], {new FileInfo(Target).Length:N0} bytes, {model.Summary().ParameterCount:N0} parameters");
        if (Unfolded && !toCaffe)
            AnsiConsole.WriteLine("Its batch norms have no statistics of a population: train from it, or measure them before it segments.");
    }

    private static bool IsCaffemodel(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".CAFFEMODEL" => true,
        ".SAFETENSORS" => false,
        _ => throw new ArgumentException($"{path} names no format to write: its extension must be .safetensors or .caffemodel."),
    };
}
