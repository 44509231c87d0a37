using System.Globalization;
using DeconvNet.Engine;
using DeconvNet.OnnxRuntime;
using DeconvNet.Segmentation;
using DeconvNet.Weights;
using static TorchSharp.torch;

namespace DeconvNet.Benchmarks;

/// <summary>The engines against each other, with the default weights: the network alone, and whole photos.</summary>
internal static class EngineBenchmark
{
    private const int Crops = 8;

    public static void Run(TimeSpan duration)
    {
        Network(duration);
        DeconvNet(duration);
        Fcn(duration);
    }

    private static void Network(TimeSpan duration)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = CompactWeights.DeconvNet.LoadModel();
        model.eval();
        var naive = new NaiveNetwork(model);
        var side = model.Options.InputSize;
        var input = randn(Crops, 3, side, side) * 50;
        var crops = input.data<float>().ToArray();
        var logits = new float[Crops * model.ClassNames.Count * side * side];
        using var torchScorer = new TorchScorer(model);
        using var floats = CompactWeights.DeconvNet.LoadOnnxModel();
        using var onnx = new OnnxScorer(floats);
        using var bytes = Int8Weights.DeconvNet.LoadModel();
        using var int8 = new OnnxScorer(bytes);
        using var pytorch = Pytorch("deconvnet", model.Options.Width, model.Options.FcChannels, model.ClassNames.Count, Crops, side, side);
        Comparison.Run(
            $"engines: the default DeconvNet, {Crops} crops of {side}×{side}",
            duration,
            [
                new("module after module", () => naive.Forward(input).Dispose()),
                new("torch", () => torchScorer.Score(crops, Crops, side, side, logits)),
                new("onnx", () => onnx.Score(crops, Crops, side, side, logits)),
                new("onnx-int8", () => int8.Score(crops, Crops, side, side, logits)),
                .. Contenders(pytorch),
            ]);
    }

    private static void DeconvNet(TimeSpan duration)
    {
        using var torchSegmenter = CompactWeights.DeconvNet.CreateSegmenter();
        using var onnx = CompactWeights.DeconvNet.CreateOnnxSegmenter();
        using var int8 = Int8Weights.DeconvNet.CreateSegmenter();
        using var fast = Int8Weights.DeconvNet.CreateSegmenter(ProposalSegmenterOptions.Fast);
        Photos("DeconvNet", duration, ("torch", torchSegmenter), ("onnx", onnx), ("onnx-int8", int8), ("onnx-int8, Fast", fast));
    }

    private static void Fcn(TimeSpan duration)
    {
        using var torchSegmenter = CompactWeights.Fcn8s.CreateSegmenter();
        using var onnx = CompactWeights.Fcn8s.CreateOnnxSegmenter();
        using var int8 = Int8Weights.Fcn8s.CreateSegmenter();
        Photos("FCN-8s", duration, ("torch", torchSegmenter), ("onnx", onnx), ("onnx-int8", int8));

        using var model = CompactWeights.Fcn8s.LoadModel();
        using var scorer = new TorchScorer(model);
        var side = scorer.Settings.WorkingSide!.Value;
        var image = new float[3 * side * side];
        var logits = new float[model.ClassNames.Count * side * side];
        using var pytorch = Pytorch("fcn8s", model.Options.Width, model.Options.FcChannels, model.ClassNames.Count, 1, side, side);
        Comparison.Run(
            $"engines: the default FCN-8s, the network alone, {side}×{side}",
            duration,
            [new("torch", () => scorer.Score(image, 1, side, side, logits)), .. Contenders(pytorch)]);
    }

    private static void Photos(string network, TimeSpan duration, params (string Name, ISegmenter Segmenter)[] engines)
    {
        var photo = Photo.Load();
        Comparison.Run(
            $"engines: {network}, a photo of {photo.Width}×{photo.Height}",
            duration,
            Array.ConvertAll(engines, engine => new Contender(engine.Name, () => engine.Segmenter.Segment(photo))));
    }

    private static PythonPeer? Pytorch(string network, params int[] numbers)
        => PythonPeer.Start("pytorch_network.py", [network, .. numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))]);

    private static IEnumerable<Contender> Contenders(PythonPeer? pytorch)
    {
        if (pytorch is not null)
            return [new($"PyTorch {pytorch.Version}, module after module", pytorch.Run)];
        Console.WriteLine("  PyTorch is left out: no python3 on the PATH has torch (python3-torch of Debian has)");
        return [];
    }
}
