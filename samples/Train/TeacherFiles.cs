using DeconvNet.Datasets;
using DeconvNet.Engine;
using DeconvNet.Networks;
using DeconvNet.Segmentation;
using DeconvNet.Training;
using DeconvNet.Training.Distillation;
using DeconvNet.Training.Ranks;
using DeconvNet.Training.Stages;
using DeconvNet.Weights;
using TorchSharp;

namespace Train;

/// <summary>The teacher given on the command line: files of soft targets, or the weights of a network, which is then run on every photo.</summary>
internal sealed class TeacherFiles : IDisposable
{
    private SegmentationModel? network;

    public required IReadOnlyList<string> Paths { get; init; }

    public required double Fraction { get; init; }

    public required IReadOnlyList<string> ImitatedLayers { get; init; }

    public required double ImitationWeight { get; init; }

    /// <summary>The recipe with the teacher's settings in its stages.</summary>
    public TrainingOptions Apply(TrainingOptions options) => Paths.Count == 0 ? options : options with
    {
        Stages = [.. options.Stages.Select(stage => stage with
        {
            SoftTargetFraction = stage.Source is ExampleSource.ProposalCrops or ExampleSource.WholeImages ? Fraction : 0,
            ImitationWeight = stage.Source == ExampleSource.ObjectClasses || ImitatedLayers.Count == 0 ? 0 : ImitationWeight,
        })],
    };

    /// <summary>Reads the files. A network's output is stored in the folder, so that it is computed once.</summary>
    public Teacher? Load(ISegmentationDataset data, string folder, torch.Device device, ICommunicator? ranks, CancellationToken cancellationToken)
    {
        if (Paths.Count == 0)
            return ImitatedLayers.Count == 0 ? null : throw new ArgumentException("--imitate needs a --teacher.");
        if (Paths.All(path => Path.GetExtension(path).Equals(".npz", StringComparison.OrdinalIgnoreCase)))
        {
            return ImitatedLayers.Count == 0
                ? new Teacher { SoftTargets = RankWork.Together(ranks, () => SoftTargets.Load(Paths)) }
                : throw new ArgumentException("--imitate needs a network: name its weights as --teacher, not soft targets.");
        }

        if (Paths.Count > 1)
            throw new ArgumentException("--teacher takes one file of weights, or files of soft targets (.npz).");
        var path = Paths[0];
        var kept = Path.Combine(folder, $"soft-targets-{WeightsContents.ComputeSha256(path)[..8].ToLowerInvariant()}.npz");
        network = RankWork.Together(ranks, () => LoadNetwork(path, device));
        ImitatedLayer[] layers = [.. ImitatedLayers.Select(layer => new ImitatedLayer(layer, layer))];
        // Features are computed crop by crop; only soft targets need a look at every photo.
        if (Fraction == 0 && layers.Length > 0 && Enumerable.Range(0, data.Count).All(data.HasLabelsOf))
            return new Teacher { Model = network, Layers = layers };
        using ISegmenter segmenter = network is FcnModel fcn ? fcn.CreateSegmenter() : ((DeconvNetModel)network).CreateSegmenter();
        return new Teacher
        {
            SoftTargets = RankedSoftTargets.Create(data, segmenter, kept, ranks, cancellationToken),
            Model = ImitatedLayers.Count == 0 ? null : network,
            Layers = layers,
        };
    }

    public void Dispose() => network?.Dispose();

    private static SegmentationModel LoadNetwork(string path, torch.Device device)
    {
        SegmentationModel network = new FcnWeights(path, () => File.OpenRead(path)).Contents.FcnOptions is null ? DeconvNetModel.Load(path) : FcnModel.Load(path);
        network.to(device);
        return network;
    }
}
