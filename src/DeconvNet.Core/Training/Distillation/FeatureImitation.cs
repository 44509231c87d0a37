using System.Security.Cryptography;
using DeconvNet.Architecture;
using DeconvNet.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeconvNet.Training.Distillation;

/// <summary>
/// Feature imitation (FitNets: Romero et al., 2015): a 1×1 convolution, used only in training, maps the output of a layer to the channels of the teacher; the loss is
/// 1 − the cosine similarity of the two, averaged over the positions of the map.
/// </summary>
internal sealed class FeatureImitation : IDisposable
{
    private readonly SegmentationModel teacher;
    private readonly Dictionary<string, (string Theirs, Conv2d Adapter)> layers = [];

    public FeatureImitation(SegmentationModel student, SegmentationModel teacher, IEnumerable<ImitatedLayer> layers, Device device)
    {
        this.teacher = teacher;
        foreach (var (mine, theirs) in layers)
            this.layers.Add(mine, (theirs, nn.Conv2d(Channels(student, mine), Channels(teacher, theirs), 1, device: device)));

        static int Channels(SegmentationModel model, string layer) => model.Layers.Single(row => row.Name == layer).OutChannels;
    }

    public IEnumerable<(string Name, Parameter Value)> Parameters =>
        layers.SelectMany(layer => new[] { ($"imitation.{layer.Key}.weight", layer.Value.Adapter.weight), ($"imitation.{layer.Key}.bias", layer.Value.Adapter.bias!) });

    public bool Has(string layer) => layers.ContainsKey(layer);

    public void ZeroGradients()
    {
        foreach (var (_, adapter) in layers.Values)
            adapter.zero_grad();
    }

    /// <summary>Activations of the teacher's imitated layers for a batch; the caller disposes them.</summary>
    public Activations Observe(Tensor images)
    {
        using var frozen = no_grad();
        var wanted = layers.Values.Select(layer => layer.Theirs).ToHashSet(StringComparer.Ordinal);
        var seen = new Activations();
        using var logits = teacher.Observe(images, (layer, output) =>
        {
            if (wanted.Contains(layer))
                seen.Add(layer, output);
        }, isTraining: false);
        return seen;
    }

    /// <summary>Distance of a layer from the teacher's, 0 … 2, in the current dispose scope.</summary>
    /// <param name="layer">The layer of the network in training.</param>
    /// <param name="mine">Its output, <c>[N, C, h, w]</c>.</param>
    /// <param name="teachers">Activations of the teacher for the same batch, resized bilinearly to h×w if necessary.</param>
    public Tensor Loss(string layer, Tensor mine, Activations teachers)
    {
        using var scope = NewDisposeScope();
        var (name, adapter) = layers[layer];
        var theirs = teachers[name];
        if (theirs.shape[2] != mine.shape[2] || theirs.shape[3] != mine.shape[3])
            theirs = nn.functional.interpolate(theirs, size: [mine.shape[2], mine.shape[3]], mode: InterpolationMode.Bilinear, align_corners: false);
        return (1 - nn.functional.cosine_similarity(adapter.forward(mine), theirs, 1).mean()).MoveToOuterDisposeScope();
    }

    /// <summary>A hash of all tensors of the teacher's network.</summary>
    public string TeachersHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var slot in WeightSlot.Of(teacher.Layers))
        {
            using var scope = NewDisposeScope();
            hash.AppendData(teacher.TensorOf(slot).detach().cpu().contiguous().bytes);
        }

        return Convert.ToHexString(hash.GetHashAndReset())[..16];
    }

    public void Dispose()
    {
        foreach (var (_, adapter) in layers.Values)
            adapter.Dispose();
    }
}
