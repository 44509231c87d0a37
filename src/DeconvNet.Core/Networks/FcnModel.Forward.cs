using System.Runtime.InteropServices;
using DeconvNet.Architecture;
using static TorchSharp.torch;

namespace DeconvNet.Networks;

public sealed partial class FcnModel
{
    /// <summary>Runs the network.</summary>
    /// <param name="input"><c>[N, 3, H, W]</c>, H and W at least 1; stays the caller's.</param>
    /// <returns><c>[N, classes, H, W]</c> logits; the caller's to dispose.</returns>
    /// <exception cref="ArgumentException">The shape, type or device is another.</exception>
    /// <exception cref="InsufficientMemoryException">What it computes does not fit into memory.</exception>
    public override Tensor forward(Tensor input)
    {
        try
        {
            return Observe(input, observe: null);
        }
        catch (ExternalException error)
        {
            // The input is in order, so what libtorch can lack is memory.
            throw new InsufficientMemoryException($"The network failed on input of shape [{string.Join(", ", input.shape)}]: {error.Message}", error);
        }
    }

    /// <summary>Runs the network and shows the output of every row (after batch norm and ReLU, before dropout and cropping) and every sum of a skip under the name <c>fuse_</c> with its pooling.</summary>
    internal override Tensor Observe(Tensor input, Action<string, Tensor>? observe)
    {
        CheckInput(input);
        using var scope = NewDisposeScope();
        var seen = EncodeRows(input, observe);
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
        return Cut(whole, grid.Enlarged((int)Options.Stride).OffsetOfPhoto, input.shape[2], input.shape[3]).contiguous().MoveToOuterDisposeScope();

        Tensor Apply(string name, Tensor map)
        {
            var (weight, bias) = Kernel(rows[name]);
            var scores = rows[name] is { Kind: LayerKind.Upsampling, Stride: var stride }
                ? ChannelPadding.ConvolveTransposed(map, weight, stride)
                : ChannelPadding.Convolve(map, weight, bias);
            observe?.Invoke(name, scores);
            return scores;
        }
    }

    private static Tensor Cut(Tensor map, int first, long height, long width) => map.narrow(2, first, height).narrow(3, first, width);

    internal override Tensor Encode(Tensor input)
    {
        CheckInput(input);
        using var scope = NewDisposeScope();
        return EncodeRows(input, observe: null)[LayerNames.Fc7].MoveToOuterDisposeScope();
    }

    /// <summary>Runs the convolutions and returns the poolings and fc7 by name.</summary>
    private Dictionary<string, Tensor> EncodeRows(Tensor x, Action<string, Tensor>? observe)
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
                var (weight, bias) = Kernel(row);
                x = NormAndRectify(row, ChannelPadding.Convolve(x, weight, bias, row.Padding));
            }

            observe?.Invoke(row.Name, x);
            if (row.Name is LayerNames.Fc6 or LayerNames.Fc7 && Options.Dropout > 0)
                x = nn.functional.dropout(x, Options.Dropout, training);
            seen[row.Name] = x;
        }

        return seen;
    }
}
