using System.CommandLine;
using DeconvNet.Engine;
using DeconvNet.OnnxRuntime;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

namespace Samples;

/// <summary>Segmenters on the engine chosen on the command line. Each owns its network.</summary>
internal static class EngineSegmenters
{
    private const string Torch = "torch";
    private const string TorchBFloat16 = "torch-bf16";
    private const string Onnx = "onnx";
    private const string OnnxInt8 = "onnx-int8";

    public static Option<string> Option()
    {
        var engine = new Option<string>("--engine")
        {
            Description = "The engine: torch, torch-bf16 (16 bits), onnx (the same results as torch), or onnx-int8 (8 bits; fastest on the CPU). A weights file that ends in .onnx or .onnx.gz is always run by ONNX Runtime.",
            DefaultValueFactory = _ => Torch,
        };
        engine.AcceptOnlyFromAmong(Torch, TorchBFloat16, Onnx, OnnxInt8);
        return engine;
    }

    /// <param name="engine">One of the names of the option.</param>
    /// <param name="file">A weights file; the built-in weights if null.</param>
    /// <param name="options">The recipe.</param>
    public static ProposalSegmenter DeconvNet(string engine, string? file, ProposalSegmenterOptions options)
    {
        if (IsOnnx(file))
            return new DeconvNetOnnxWeights(file!, () => File.OpenRead(file!)).CreateSegmenter(options);
        if (engine == OnnxInt8)
            return file is null ? Int8Weights.DeconvNet.CreateSegmenter(options) : throw NoInt8(file);
        var weights = file is null ? CompactWeights.DeconvNet : new DeconvNetWeights(file, () => File.OpenRead(file));
        return engine == Onnx ? weights.CreateOnnxSegmenter(options) : weights.CreateSegmenter(options, engine: TorchOptions(engine));
    }

    /// <param name="engine">One of the names of the option.</param>
    /// <param name="file">A weights file; the built-in weights of FCN-8s if null.</param>
    /// <param name="options">The recipe.</param>
    public static FcnSegmenter Fcn(string engine, string? file, FcnSegmenterOptions options)
    {
        if (IsOnnx(file))
            return new FcnOnnxWeights(file!, () => File.OpenRead(file!)).CreateSegmenter(options);
        if (engine == OnnxInt8)
            return file is null ? Int8Weights.Fcn8s.CreateSegmenter(options) : throw NoInt8(file);
        var weights = file is null ? CompactWeights.Fcn8s : new FcnWeights(file, () => File.OpenRead(file));
        return engine == Onnx ? weights.CreateOnnxSegmenter(options) : weights.CreateSegmenter(options, engine: TorchOptions(engine));
    }

    /// <summary>Identifies the engine and weights of a result.</summary>
    public static string Identity(string engine, string? file, TrainedWeights builtIn) =>
        (file is null ? builtIn.Info.Id ?? "built-in weights" : $"sha256 {WeightsContents.ComputeSha256(file)}") + (engine == Torch && !IsOnnx(file) ? "" : $" on {(IsOnnx(file) ? Onnx : engine)}");

    private static TorchEngineOptions TorchOptions(string engine) => new() { Precision = engine == TorchBFloat16 ? TorchPrecision.BFloat16 : TorchPrecision.Full };

    private static bool IsOnnx(string? file) =>
        file is not null && (file.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".onnx.gz", StringComparison.OrdinalIgnoreCase));

    private static ArgumentException NoInt8(string file) => new($"{file} has no 8 bits; samples/QuantizeWeights makes an .onnx file with them.");
}
