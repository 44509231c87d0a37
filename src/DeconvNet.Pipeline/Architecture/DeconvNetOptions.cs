using DeconvNet.Imaging;

namespace DeconvNet.Architecture;

/// <summary>The shape of a <c>DeconvNetModel</c>. Immutable; checked when a model is made.</summary>
public sealed record DeconvNetOptions : INetworkOptions
{
    /// <summary>The published network: 251,805,653 trainable parameters, batch norm eps 1e-9 (the authors' Caffe).</summary>
    public static DeconvNetOptions Paper { get; } = new();

    /// <summary>The network of the trained default weights: half width, input 128; two CPU cores run it on 20 crops in about a second.</summary>
    public static DeconvNetOptions Compact { get; } = new()
    {
        Width = 32,
        FcChannels = 1024,
        InputSize = 128,
        ConvBias = false,
        BatchNormEpsilon = 1e-5,
    };

    /// <summary>
    /// A well-known Keras port: no convolution biases, fc 512, softmax output, input BGR/255, Keras' batch-norm defaults
    /// (eps 1e-3, momentum 0.99); 55,428,757 trainable parameters.
    /// </summary>
    public static DeconvNetOptions KerasVariant { get; } = new()
    {
        FcChannels = 512,
        ConvBias = false,
        BatchNormEpsilon = 1e-3,
        BatchNormMomentum = 0.01,
        Naming = LayerNaming.Keras,
        SoftmaxOutput = true,
        Preprocessing = Preprocessing.Keras,
    };

    /// <summary>Number of classes including background, 2 … 255. Default 21 (PASCAL VOC).</summary>
    public int ClassCount { get; init; } = 21;

    /// <summary>Channels of the first block, at least 1; the blocks have 1, 2, 4, 8, 8 times as many. Default 64.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Channels of fc6 and fc7, at least 1. Default 4096.</summary>
    public int FcChannels { get; init; } = 4096;

    /// <summary>
    /// Output channels of each layer, for a network of irregular widths, in order of computation: 13 convolutions, fc6, fc7, its deconvolution, 13 deconvolutions (29 numbers, each 1 … 65536). The layer before an unpooling must have as many channels as its pooling. Default <see langword="null"/>:
    /// computed from <see cref="Width"/> and <see cref="FcChannels"/>, which have no effect otherwise.
    /// </summary>
    public LayerChannels? Channels { get; init; }

    /// <summary>Side of the square input in pixels, a multiple of 32; the kernel of fc6 is 1/32 of it. Default 224.</summary>
    public int InputSize { get; init; } = 224;

    /// <summary>Whether (de)convolutions followed by batch norm have a bias. It makes no difference to what they can compute. Default true, as published.</summary>
    public bool ConvBias { get; init; } = true;

    /// <summary>What batch norm adds to the variance, 0 … 0.1. Default 1e-9, as in the authors' Caffe.</summary>
    public double BatchNormEpsilon { get; init; } = 1e-9;

    /// <summary>Weight of the newest batch in the running statistics, 0 … 1 (PyTorch's convention). Default 0.1.</summary>
    public double BatchNormMomentum { get; init; } = 0.1;

    /// <summary>Naming scheme of the layers. Default <see cref="LayerNaming.Authors"/>.</summary>
    public LayerNaming Naming { get; init; }

    /// <summary>Whether the model outputs class probabilities instead of logits. Default false, as published.</summary>
    public bool SoftmaxOutput { get; init; }

    /// <summary>How pixels become network input. Default <see cref="Preprocessing.Caffe"/>.</summary>
    public Preprocessing Preprocessing { get; init; } = Preprocessing.Caffe;

    IReadOnlyList<LayerSpec> INetworkOptions.MakeRows() => LayerTable.Create(this);

    void INetworkOptions.Validate() => Validate();

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    /// <summary>Throws if a value is out of range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names the value and its range.</exception>
    internal void Validate()
    {
        OptionValue.Require(ClassCount is >= 2 and <= 255, this, ClassCount, "2 to 255");
        OptionValue.Require(Width is >= 1 and <= 1024, this, Width, "1 to 1024");
        OptionValue.Require(FcChannels is >= 1 and <= 65536, this, FcChannels, "1 to 65536");
        OptionValue.Require(InputSize is >= 32 and <= 2048 && InputSize % 32 == 0, this, InputSize, "a multiple of 32, 32 to 2048");
        OptionValue.Require(BatchNormEpsilon is >= 0 and <= 0.1, this, BatchNormEpsilon, "0 to 0.1");
        OptionValue.Require(BatchNormMomentum is >= 0 and <= 1, this, BatchNormMomentum, "0 to 1");
        OptionValue.Require(Enum.IsDefined(Naming), this, Naming, "one of the names of LayerNaming");
        ArgumentNullException.ThrowIfNull(Preprocessing);
        Preprocessing.Validate();
        if (Channels is null)
            return;
        OptionValue.Require(Channels.Count == LayerTable.ChannelCount && Channels.All(count => count is >= 1 and <= 65536), this, Channels, $"{LayerTable.ChannelCount} numbers from 1 to 65536");
        OptionValue.Require(LayerTable.FitSwitches(LayerTable.Create(this)), this, Channels, "such that the layer before each unpooling has as many channels as its pooling");
    }
}
