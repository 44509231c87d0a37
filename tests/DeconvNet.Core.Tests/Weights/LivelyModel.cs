using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.Training;
using TorchSharp;

namespace DeconvNet.Tests.Weights;

/// <summary>A network with random weights whose maps neither vanish nor grow from layer to layer, with batch norms whose statistics are not the initial ones.</summary>
internal static class LivelyModel
{
    /// <summary>Makes it, in evaluation mode.</summary>
    public static DeconvNetModel Make(DeconvNetOptions options)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        torch.random.manual_seed(7);
        var model = new DeconvNetModel(options);
        foreach (var row in model.Layers.Where(row => row.HasWeights))
        {
            var (weight, bias) = model.Kernel(row);
            torch.nn.init.kaiming_normal_(weight);
            if (bias is not null)
                torch.nn.init.normal_(bias);
            if (row.BatchNorm is null)
                continue;
            torch.nn.init.uniform_(model.BatchNorm(row).weight!, 0.5, 1.5);
            torch.nn.init.normal_(model.BatchNorm(row).bias!, 0, 0.2);
        }

        BatchNormStatistics.Estimate(model, () => torch.randn(4, 3, options.InputSize, options.InputSize), 0, 3, asCaffe: false, _ => { });
        return model;
    }
}
