using DeconvNet.Architecture;
using DeconvNet.Networks;
using static TorchSharp.torch;

namespace DeconvNet.Benchmarks;

/// <summary>
/// The network as it is usually written down: one module after another, fc6 as a convolution, every deconvolution as <c>ConvTranspose2d</c>.
/// It runs the modules of a <see cref="DeconvNetModel"/>, so that both compute with the same weights.
/// </summary>
internal sealed class NaiveNetwork(DeconvNetModel model)
{
    private readonly Dictionary<string, nn.Module> modules = model.named_children().ToDictionary(child => child.name, child => child.module);

    public Tensor Forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var switches = new Dictionary<string, Tensor>();
        var x = input;
        foreach (var row in model.Layers)
        {
            switch (row.Kind)
            {
                case LayerKind.Pooling:
                    (x, var indices) = nn.functional.max_pool2d_with_indices(x, [2, 2], [2, 2]);
                    switches.Add(row.Name, indices);
                    break;
                case LayerKind.Unpooling:
                    x = nn.functional.max_unpool2d(x, switches[row.Switches!], [2, 2], [2, 2], [0, 0]);
                    break;
                case LayerKind.Score:
                    x = Apply(row.Name, x);
                    break;
                default:
                    x = nn.functional.relu(Apply(row.BatchNorm!, Apply(row.Name, x)));
                    break;
            }
        }

        return x.MoveToOuterDisposeScope();
    }

    private Tensor Apply(string name, Tensor x) => ((nn.Module<Tensor, Tensor>)modules[LayerNames.ToModuleName(name)]).forward(x);
}
