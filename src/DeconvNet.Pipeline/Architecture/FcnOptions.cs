using DeconvNet.Imaging;

namespace DeconvNet.Architecture;

/// <summary>The shape of an <c>FcnModel</c>. Immutable; checked when a model is made.</summary>
public sealed record FcnOptions : INetworkOptions
{
    /// <summary>FCN-32s as published: 136,036,461 parameters.</summary>
    public static FcnOptions Fcn32s { get; } = new() { Stride = FcnStride.ThirtyTwo };

    /// <summary>FCN-16s as published.</summary>
    public static FcnOptions Fcn16s { get; } = new() { Stride = FcnStride.Sixteen };

    /// <summary>FCN-8s as published, for training in stages: FCN-32s first, then FCN-16s, then this.</summary>
    public static FcnOptions Fcn8s { get; } = new();

    /// <summary>FCN-8s for training at once: the skips start at the scales of the published <c>voc-fcn8s-atonce</c>.</summary>
    public static FcnOptions Fcn8sAtOnce { get; } = new() { AtOnce = true };

    /// <summary>
    /// The network of the trained small FCN-8s: the encoder of <see cref="DeconvNetOptions.Compact"/> with its batch norm (and no dropout, which would bias the statistics), a 5×5 kernel in fc6, and padding
    /// of the feature map instead of 100 pixels around the photo, which would be ten times as slow on small photos.
    /// </summary>
    public static FcnOptions Compact { get; } = new()
    {
        Width = 32,
        FcChannels = 512,
        InputPadding = 1,
        Fc6Kernel = 5,
        Fc6Padding = 2,
        BatchNorm = true,
        ConvBias = false,
        Dropout = 0,
    };

    /// <summary>Stride of the finest map that is scored. Default <see cref="FcnStride.Eight"/>.</summary>
    public FcnStride Stride { get; init; } = FcnStride.Eight;

    /// <summary>Number of classes including background, 2 … 255. Default 21 (PASCAL VOC).</summary>
    public int ClassCount { get; init; } = 21;

    /// <summary>Channels of the first block, at least 1; the blocks have 1, 2, 4, 8, 8 times as many. Default 64.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Channels of fc6 and fc7, at least 1. Default 4096.</summary>
    public int FcChannels { get; init; } = 4096;

    /// <summary>
    /// Output channels of each layer, for a network of irregular widths, in order of computation: 13 convolutions, fc6, fc7 (15 numbers, each 1 … 65536). Default <see langword="null"/>:
    /// computed from <see cref="Width"/> and <see cref="FcChannels"/>, which have no effect otherwise.
    /// </summary>
    public LayerChannels? Channels { get; init; }

    /// <summary>Zero padding of the photo in conv1_1, in pixels, 1 … 1000. Default 100, as published, so that fc6 with its 7×7 kernel covers every pixel.</summary>
    public int InputPadding { get; init; } = 100;

    /// <summary>Side of the kernel of fc6, 1 … 64. Default 7.</summary>
    public int Fc6Kernel { get; init; } = 7;

    /// <summary>Zero padding of the map that fc6 reads, 0 … 32. Default 0, as published.</summary>
    public int Fc6Padding { get; init; }

    /// <summary>Whether a batch norm follows each convolution of the encoder, as in DeconvNet. Default false, as published.</summary>
    public bool BatchNorm { get; init; }

    /// <summary>Whether the convolutions of the encoder have a bias; required without batch norm. Default true.</summary>
    public bool ConvBias { get; init; } = true;

    /// <summary>What batch norm adds to the variance, 0 … 0.1. Default 1e-5.</summary>
    public double BatchNormEpsilon { get; init; } = 1e-5;

    /// <summary>Weight of the newest batch in the running statistics, 0 … 1 (PyTorch's convention). Default 0.1.</summary>
    public double BatchNormMomentum { get; init; } = 0.1;

    /// <summary>Dropout rate of fc6 and fc7 in training, from 0 to below 1. Default 0.5, as published.</summary>
    public double Dropout { get; init; } = 0.5;

    /// <summary>Whether pool4 and pool3 are scaled by 0.01 and 0.0001 before they are scored, so that all skips can be trained at once. Default false, for training in stages.</summary>
    public bool AtOnce { get; init; }

    /// <summary>Which upsampling layers are trained. Default none, as in the published prototxts.</summary>
    public FcnUpsampling Upsampling { get; init; }

    /// <summary>How pixels become network input. Default <see cref="Preprocessing.Caffe"/>.</summary>
    public Preprocessing Preprocessing { get; init; } = Preprocessing.Caffe;

    IReadOnlyList<LayerSpec> INetworkOptions.MakeRows() => FcnLayerTable.Create(this);

    void INetworkOptions.Validate() => Validate();

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    /// <summary>Throws if a value is out of range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names the value and its range.</exception>
    internal void Validate()
    {
        OptionValue.Require(Enum.IsDefined(Stride), this, Stride, "one of the names of FcnStride");
        OptionValue.Require(ClassCount is >= 2 and <= 255, this, ClassCount, "2 to 255");
        OptionValue.Require(Width is >= 1 and <= 1024, this, Width, "1 to 1024");
        OptionValue.Require(FcChannels is >= 1 and <= 65536, this, FcChannels, "1 to 65536");
        OptionValue.Require(InputPadding is >= 1 and <= 1000, this, InputPadding, "1 to 1000");
        OptionValue.Require(Fc6Kernel is >= 1 and <= 64, this, Fc6Kernel, "1 to 64");
        OptionValue.Require(Fc6Padding is >= 0 and <= 32, this, Fc6Padding, "0 to 32");
        OptionValue.Require(ReachesEveryPixel, this, Fc6Kernel, "small enough for the padding, so that the scores reach every pixel: 16 · Fc6Kernel ≤ InputPadding + 32 · Fc6Padding + 31, and no larger than the map of one pixel");
        OptionValue.Require(ConvBias || BatchNorm, this, ConvBias, "true where BatchNorm is false");
        OptionValue.Require(BatchNormEpsilon is >= 0 and <= 0.1, this, BatchNormEpsilon, "0 to 0.1");
        OptionValue.Require(BatchNormMomentum is >= 0 and <= 1, this, BatchNormMomentum, "0 to 1");
        OptionValue.Require(Dropout is >= 0 and < 1, this, Dropout, "0 to below 1");
        OptionValue.Require(Enum.IsDefined(Upsampling), this, Upsampling, "one of the names of FcnUpsampling");
        ArgumentNullException.ThrowIfNull(Preprocessing);
        Preprocessing.Validate();
        OptionValue.Require(
            Channels is null || (Channels.Count == FcnLayerTable.ChannelCount && Channels.All(count => count is >= 1 and <= 65536)), this, Channels, $"{FcnLayerTable.ChannelCount} numbers from 1 to 65536");
    }

    private bool ReachesEveryPixel =>
        16 * Fc6Kernel <= InputPadding + (32 * Fc6Padding) + 31
        && Fc6Kernel <= (2 * Fc6Padding) + (((2 * InputPadding) + 30) / 32);
}
