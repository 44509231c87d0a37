using DeconvNet.Architecture;
using DeconvNet.Runtime;
using static TorchSharp.torch;

namespace DeconvNet.Networks;

/// <summary>
/// DeconvNet (Noh, Hong, Han, ICCV 2015): VGG-16's convolutions, two fully connected layers, and their mirror of unpooling,
/// deconvolution and batch norm. Input <c>[N, 3, S, S]</c> float, preprocessed as <see cref="SegmentationModel.Preprocessing"/> says;
/// output <c>[N, classes, S, S]</c> logits (probabilities with <see cref="DeconvNetOptions.SoftmaxOutput"/>).
/// </summary>
/// <remarks>Inference in evaluation mode is thread-safe; training is not.</remarks>
public sealed partial class DeconvNetModel : SegmentationModel
{
    /// <summary>Creates a network with freshly initialized weights: He initialization for the encoder, Gaussian with a standard deviation of 0.01 for the decoder, as in the authors' prototxt.</summary>
    /// <param name="options">Shape of the network; <see cref="DeconvNetOptions.Paper"/> if <see langword="null"/>.</param>
    /// <param name="classNames">Class names by id; VOC's if <see langword="null"/> and there are 21 classes, otherwise <c>class0</c> ….</param>
    /// <exception cref="ArgumentException">An option is out of range, or the number of names is not the class count.</exception>
    /// <exception cref="InsufficientMemoryException">There is not enough memory.</exception>
    /// <exception cref="InvalidOperationException">Libtorch cannot be loaded; the message says what to do (<see cref="TorchRuntime.Check"/>).</exception>
    public DeconvNetModel(DeconvNetOptions? options = null, IReadOnlyList<string>? classNames = null)
        : this(options ?? DeconvNetOptions.Paper, classNames, LayerTable.Create)
    {
    }

    /// <summary>Creates a network from rows other than the published ones.</summary>
    /// <param name="options">Input size, class count and batch norm; the rows decide the rest.</param>
    /// <param name="classNames">As for the published rows.</param>
    /// <param name="makeRows">Builds the rows after the options have been validated.</param>
    /// <param name="isEmpty">Whether to leave kernels and biases uninitialized, because they are filled right after.</param>
    internal DeconvNetModel(DeconvNetOptions options, IReadOnlyList<string>? classNames, Func<DeconvNetOptions, IReadOnlyList<LayerSpec>> makeRows, bool isEmpty = false)
        : base(nameof(DeconvNetModel), Checked(options).ClassCount, classNames, options.Preprocessing, new(options.BatchNormEpsilon, options.BatchNormMomentum))
    {
        Options = options;
        Build(makeRows(options), isEmpty, Initialize);
    }

    /// <summary>The shape of the network.</summary>
    public DeconvNetOptions Options { get; }

    internal override INetworkOptions NetworkOptions => Options;

    internal override int? FixedInputSize => Options.InputSize;

    internal override int EncodedChannels => Layers.Single(row => row.Name == LayerNames.Fc7).OutChannels;

    /// <summary>Layers, output shapes, parameters and multiply-adds.</summary>
    public ModelSummary Summary() => new(Layers);

    private static DeconvNetOptions Checked(DeconvNetOptions options)
    {
        options.Validate();
        return options;
    }

    private static void Initialize(LayerSpec row, Tensor kernel)
    {
        if (row.Kind == LayerKind.Convolution)
            nn.init.kaiming_normal_(kernel, mode: nn.init.FanInOut.FanIn, nonlinearity: nn.init.NonlinearityType.ReLU);
        else
            nn.init.normal_(kernel, 0, 0.01);
    }
}
