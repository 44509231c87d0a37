using DeconvNet.Architecture;
using static TorchSharp.torch;

namespace DeconvNet.Networks;

public sealed partial class DeconvNetModel
{
    /// <summary>Runs the network.</summary>
    /// <param name="input"><c>[N, 3, S, S]</c> with S = <see cref="DeconvNetOptions.InputSize"/>; not disposed.</param>
    /// <returns><c>[N, classes, S, S]</c>; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The shape, type or device does not match.</exception>
    /// <exception cref="InsufficientMemoryException">There is not enough memory.</exception>
    /// <exception cref="InvalidOperationException">The device failed.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public override Tensor forward(Tensor input) => RunWhole(input);

    private protected override Tensor Output(Tensor logits) => Options.SoftmaxOutput ? nn.functional.softmax(logits, 1) : logits;

    private protected override Tensor Run(Tensor input, bool isTraining, Action<string, Tensor>? observe, InferenceKernels? kernels = null) =>
        Run(input, Layers, isTraining, observe, kernels);

    private protected override Tensor RunEncoder(Tensor input, bool isTraining) =>
        Run(input, Layers.TakeWhile(row => row.Kind is LayerKind.Convolution or LayerKind.Pooling), isTraining, observe: null, kernels: null);

    // With stride 1, a deconvolution is a convolution with the kernel rotated by 180° and its channels swapped, which is faster in libtorch.
    internal override (Tensor Weight, Tensor? Bias) ConvolutionKernel(LayerSpec row)
    {
        var (weight, bias) = Kernel(row);
        return row is { Kind: LayerKind.Deconvolution, IsMatrixProduct: false } ? (weight.transpose(0, 1).flip(2, 3), bias) : (weight, bias);
    }

    private Tensor Run(Tensor x, IEnumerable<LayerSpec> rows, bool isTraining, Action<string, Tensor>? observe, InferenceKernels? kernels)
    {
        var switches = new Dictionary<string, Tensor>();
        foreach (var row in rows)
        {
            switch (row.Kind)
            {
                case LayerKind.Pooling:
                    (x, var indices) = nn.functional.max_pool2d_with_indices(x, [2, 2], [2, 2]);
                    switches.Add(row.Name, indices);
                    observe?.Invoke(row.Name + "_mask", indices);
                    break;
                case LayerKind.Unpooling:
                    x = MaxUnpool2d.Unpool(x, switches[row.Switches!], row.OutputSize, row.OutputSize);
                    break;
                default:
                    x = Apply(row, x, isTraining, kernels);
                    break;
            }

            observe?.Invoke(row.Name, x);
        }

        return x;
    }

    private Tensor Apply(LayerSpec row, Tensor x, bool isTraining, InferenceKernels? kernels)
    {
        (x, var weight, var bias) = Operands(row, x, kernels);
        x = row switch
        {
            // A convolution whose kernel covers the whole map is a matrix product, which is ten times faster than libtorch's convolution.
            { Kind: LayerKind.Convolution, IsMatrixProduct: true } => nn.functional.linear(x.flatten(1), weight.flatten(1), bias).unsqueeze(-1).unsqueeze(-1),
            { IsMatrixProduct: true } => Expand(row, x, weight, bias),
            { Kind: LayerKind.Deconvolution } => ChannelPadding.Convolve(x, weight, bias, row.Kernel - 1 - row.Padding),
            _ => ChannelPadding.Convolve(x, weight, bias, row.Padding),
        };

        if (row.Kind == LayerKind.Score)
            return x;
        x = NormAndRectify(row, x, isTraining, kernels);
        return row is { Kind: LayerKind.Deconvolution, IsMatrixProduct: true } && kernels is not null ? kernels.Arrange(x) : x;
    }

    private static Tensor Expand(LayerSpec row, Tensor x, Tensor weight, Tensor? bias)
    {
        var maps = x.flatten(1).matmul(weight.flatten(1)).view(-1, row.OutChannels, row.Kernel, row.Kernel);
        return bias is null ? maps : maps + bias.view(1, -1, 1, 1);
    }
}
