using DeconvNet.Architecture;
using DeconvNet.Runtime;
using static TorchSharp.torch;

namespace DeconvNet.Networks;

/// <summary>
/// FCN-32s, FCN-16s or FCN-8s (Long, Shelhamer, Darrell, CVPR 2015): VGG-16 with its fully connected layers as convolutions, whose
/// last maps are scored, upsampled and added. Input <c>[N, 3, H, W]</c> float of any size, preprocessed as
/// <see cref="SegmentationModel.Preprocessing"/> says; output <c>[N, classes, H, W]</c> logits.
/// </summary>
/// <remarks>Inference in evaluation mode is thread-safe; training is not.</remarks>
public sealed partial class FcnModel : SegmentationModel
{
    /// <summary>
    /// Creates a network with freshly initialized weights: He initialization for the encoder, zeros for the score layers and bilinear interpolation for the
    /// upsampling layers, as published. The published networks start from VGG-16: <see cref="Weights.StartWeights"/>.
    /// </summary>
    /// <param name="options">Shape of the network; <see cref="FcnOptions.Fcn8s"/> if <see langword="null"/>.</param>
    /// <param name="classNames">Class names by id; VOC's if <see langword="null"/> and there are 21 classes, otherwise <c>class0</c> ….</param>
    /// <exception cref="ArgumentException">An option is out of range, or the number of names is not the class count.</exception>
    /// <exception cref="InsufficientMemoryException">There is not enough memory.</exception>
    /// <exception cref="InvalidOperationException">Libtorch cannot be loaded; the message says what to do (<see cref="TorchRuntime.Check"/>).</exception>
    public FcnModel(FcnOptions? options = null, IReadOnlyList<string>? classNames = null)
        : this(options ?? FcnOptions.Fcn8s, classNames, isEmpty: false)
    {
    }

    internal FcnModel(FcnOptions options, IReadOnlyList<string>? classNames, bool isEmpty)
        : base(nameof(FcnModel), Checked(options).ClassCount, classNames, options.Preprocessing, new(options.BatchNormEpsilon, options.BatchNormMomentum))
    {
        Options = options;
        Build(FcnLayerTable.Create(options), isEmpty, Initialize);
        foreach (var row in Layers.Where(row => row.Kind == LayerKind.Upsampling))
            Kernel(row).Weight.requires_grad = IsLearned(row);
    }

    /// <summary>The shape of the network.</summary>
    public FcnOptions Options { get; }

    internal override INetworkOptions NetworkOptions => Options;

    internal override int? FixedInputSize => null;

    internal override int EncodedChannels => Layers.Single(row => row.Name == LayerNames.Fc7).OutChannels;

    internal override double Dropout => Options.Dropout;

    /// <summary>Layers, output shapes, parameters and multiply-adds for a square photo.</summary>
    /// <param name="inputSize">Side of the photo in pixels, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The side is below 1.</exception>
    public ModelSummary Summary(int inputSize = FcnLayerTable.NominalInputSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputSize, 1);
        return new(FcnLayerTable.Create(Options, inputSize));
    }

    private static FcnOptions Checked(FcnOptions options)
    {
        options.Validate();
        return options;
    }

    private static void Initialize(LayerSpec row, Tensor kernel)
    {
        if (row.Kind == LayerKind.Convolution)
            nn.init.kaiming_normal_(kernel, mode: nn.init.FanInOut.FanIn, nonlinearity: nn.init.NonlinearityType.ReLU);
        else if (row.Kind == LayerKind.Score)
            nn.init.zeros_(kernel);
        else
            SetBilinear(row, kernel);
    }

    /// <summary>Each class is interpolated separately, with weights that decrease linearly from the center of the kernel.</summary>
    private static void SetBilinear(LayerSpec row, Tensor kernel)
    {
        var center = (row.Kernel - 1) / 2.0;
        float[] triangle = [.. Enumerable.Range(0, row.Kernel).Select(i => (float)(1 - (Math.Abs(i - center) / row.Stride)))];
        using var frozen = no_grad();
        using var line = tensor(triangle);
        using var plane = line.unsqueeze(1) * line;
        kernel.zero_();
        for (var c = 0; c < row.OutChannels; c++)
            kernel[c, c].copy_(plane);
    }

    private bool IsLearned(LayerSpec row) => Options.Upsampling switch
    {
        FcnUpsampling.Learned => true,
        FcnUpsampling.LearnedBetweenSkips => row.Name != FcnSkip.LastUpsampling(Options.Stride),
        _ => false,
    };
}
