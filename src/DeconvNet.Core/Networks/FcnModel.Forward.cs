using DeconvNet.Architecture;
using static TorchSharp.torch;

namespace DeconvNet.Networks;

public sealed partial class FcnModel
{
    /// <summary>Runs the network.</summary>
    /// <param name="input"><c>[N, 3, H, W]</c>, H and W at least 1; not disposed.</param>
    /// <returns><c>[N, classes, H, W]</c> logits; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The shape, type or device does not match.</exception>
    /// <exception cref="InsufficientMemoryException">There is not enough memory.</exception>
    /// <exception cref="InvalidOperationException">The device failed.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public override Tensor forward(Tensor input) => RunWhole(input);

    private protected override Tensor RunEncoder(Tensor input, bool isTraining) => EncodeRows(input, isTraining, observe: null, kernels: null)[LayerNames.Fc7];

    private protected override Tensor Run(Tensor input, bool isTraining, Action<string, Tensor>? observe, InferenceKernels? kernels = null)
    {
        var seen = EncodeRows(input, isTraining, observe, kernels);
        var rows = Layers.ToDictionary(row => row.Name);
        var x = Apply("score_fr", seen[LayerNames.Fc7]);
        var grid = FcnGrid.OfFc7(Options);
        foreach (var skip in FcnSkip.Of(Options.Stride))
        {
            x = Apply(skip.Upsampling, x);
            var map = seen[skip.Pooling];
            var finer = Apply(skip.Score, Options.AtOnce ? map * skip.AtOnceScale : map);
            var (first, finerFirst) = grid.Enlarged(2).FirstCommon(FcnGrid.OfPooling(Options, skip.Stride));
            grid = grid.Enlarged(2).From(first);
            var height = Math.Min(x.shape[2] - first, finer.shape[2] - finerFirst);
            var width = Math.Min(x.shape[3] - first, finer.shape[3] - finerFirst);
            x = Cut(x, first, height, width) + Cut(finer, finerFirst, height, width);
            observe?.Invoke("fuse_" + skip.Pooling, x);
        }

        var whole = Apply(FcnSkip.LastUpsampling(Options.Stride), x);
        return Cut(whole, grid.Enlarged((int)Options.Stride).OffsetOfPhoto, input.shape[2], input.shape[3]).contiguous();

        Tensor Apply(string name, Tensor map)
        {
            (map, var weight, var bias) = Operands(rows[name], map, kernels);
            var scores = rows[name] is { Kind: LayerKind.Upsampling, Stride: var stride }
                ? ChannelPadding.ConvolveTransposed(map, weight, stride)
                : ChannelPadding.Convolve(map, weight, bias);
            observe?.Invoke(name, scores);
            return scores;
        }
    }

    private Tensor Drop(Tensor x, bool isTraining)
    {
        if (!isTraining || DropoutGenerator is null)
            return nn.functional.dropout(x, Options.Dropout, isTraining);
        var kept = rand(x.shape, x.dtype, x.device, generator: DropoutGenerator).ge(Options.Dropout);
        return x * kept / (1 - Options.Dropout);
    }

    private static Tensor Cut(Tensor map, int first, long height, long width) => map.narrow(2, first, height).narrow(3, first, width);

    /// <summary>Runs the encoder and returns the outputs of the poolings and fc7 by name.</summary>
    private Dictionary<string, Tensor> EncodeRows(Tensor x, bool isTraining, Action<string, Tensor>? observe, InferenceKernels? kernels)
    {
        var seen = new Dictionary<string, Tensor>();
        foreach (var row in Layers.TakeWhile(row => row.Kind is LayerKind.Convolution or LayerKind.Pooling))
        {
            if (row.Kind == LayerKind.Pooling)
            {
                x = nn.functional.max_pool2d(x, [2, 2], [2, 2], ceil_mode: true);
            }
            else
            {
                (x, var weight, var bias) = Operands(row, x, kernels);
                x = NormAndRectify(row, ChannelPadding.Convolve(x, weight, bias, row.Padding), isTraining, kernels);
            }

            observe?.Invoke(row.Name, x);
            if (row.Name is LayerNames.Fc6 or LayerNames.Fc7 && Options.Dropout > 0)
                x = Drop(x, isTraining);
            seen[row.Name] = x;
        }

        return seen;
    }
}
