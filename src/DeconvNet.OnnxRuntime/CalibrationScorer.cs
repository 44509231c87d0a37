using System.Numerics.Tensors;
using DeconvNet.Imaging;
using DeconvNet.OnnxRuntime.Calibration;
using DeconvNet.OnnxRuntime.Graphs;
using DeconvNet.Segmentation;
using DeconvNet.Weights;
using Microsoft.ML.OnnxRuntime;

namespace DeconvNet.OnnxRuntime;

/// <summary>Runs a network in 32-bit floating point and collects histograms of its activations. One call at a time.</summary>
internal sealed class CalibrationScorer : IScorer
{
    private readonly InferenceSession session;
    private readonly string[] outputs;
    private readonly FoldedWeights weights;

    /// <exception cref="InvalidDataException">The weights are damaged, or for a different kind of network.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime cannot be loaded.</exception>
    public CalibrationScorer(TrainedWeights weights, OnnxEngineOptions engine)
    {
        this.weights = new FoldedWeights(weights);
        try
        {
            using var bytes = new MemoryStream();
            NetworkGraph.WithActivations(this.weights, out var layers).WriteTo(bytes, weights.Name, new Dictionary<string, string>());
            using var settings = OnnxSession.Settings(engine.ThreadCount);
            session = new InferenceSession(bytes.ToArray(), settings);
            outputs = [NetworkGraph.Output, .. layers];
            Histograms = layers.ToDictionary(layer => layer, _ => new Histogram());
        }
        catch
        {
            this.weights.Dispose();
            throw;
        }
    }

    public Dictionary<string, Histogram> Histograms { get; }

    public int? InputSize => (weights.Options as Architecture.DeconvNetOptions)?.InputSize;

    public IReadOnlyList<string> ClassNames => weights.ClassNames;

    public Preprocessing Preprocessing => weights.Options.Preprocessing;

    public InferenceSettings Settings => weights.Info.Inference;

    public void Score(ReadOnlySpan<float> input, int count, int height, int width, Span<float> logits, CancellationToken cancellationToken = default)
    {
        this.CheckLengths(input.Length, count, height, width, logits.Length);
        using var from = OrtValue.CreateTensorValueFromMemory(input.ToArray(), [count, 3, height, width]);
        IDisposableReadOnlyCollection<OrtValue>? found = null;
        OnnxSession.Run(run => found = session.Run(run, [NetworkGraph.Input], [from], outputs), weights.Name, [count, 3, height, width], cancellationToken);
        using var results = found!;
        foreach (var (i, layer) in outputs.Index().Skip(1).Append((0, NetworkGraph.Output)))
        {
            if (!TensorPrimitives.IsFiniteAll(results[i].GetTensorDataAsSpan<float>()))
                throw new InvalidDataException($"{weights.Name}: the output of layer '{layer}' has NaN or infinity: the network overflows.");
        }

        results[0].GetTensorDataAsSpan<float>().CopyTo(logits);
        Parallel.For(1, outputs.Length, i => Histograms[outputs[i]].Add(results[i].GetTensorDataAsSpan<float>()));
    }

    public void Dispose()
    {
        session.Dispose();
        weights.Dispose();
    }
}
