using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.Training.Stages;
using TorchSharp.Modules;

namespace DeconvNet.Training;

/// <summary>Freezes layers of a stage until it is disposed. No gradients are computed for them, which saves their share of the backward pass.</summary>
internal sealed class FrozenLayers : IDisposable
{
    private readonly SegmentationModel model;
    private readonly Parameter[] parameters;

    public FrozenLayers(SegmentationModel model, TrainingStage stage)
    {
        this.model = model;
        var encoder = model.Layers.TakeWhile(row => row.Name != LayerNames.Fc7).Append(model.Layers.Single(row => row.Name == LayerNames.Fc7)).Where(row => row.HasWeights && stage.FreezeEncoder).ToArray();
        var norms = (stage.FreezeBatchNorm ? model.Layers : encoder).Where(row => row.BatchNorm is not null).ToArray();
        parameters =
        [
            .. encoder.Select(model.Kernel).SelectMany(kernel => new[] { kernel.Weight, kernel.Bias })
                .Concat(norms.Select(model.BatchNorm).SelectMany(norm => new[] { norm.weight, norm.bias }))
                .OfType<Parameter>()
                .Where(parameter => parameter.requires_grad),
        ];
        foreach (var parameter in parameters)
            parameter.requires_grad = false;
        model.FrozenNorms = norms.Select(row => row.BatchNorm!).ToHashSet(StringComparer.Ordinal);
    }

    public void Dispose()
    {
        foreach (var parameter in parameters)
            parameter.requires_grad = true;
        model.FrozenNorms = new HashSet<string>();
    }
}
