using DeconvNet.Architecture;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Weights;

/// <summary>
/// Builds an FCN as a <c>NetParameter</c> message like the published <c>voc-fcn8s</c> and its variants: the newer format, whose layer types are strings, with
/// bottoms, tops and parameters.
/// </summary>
internal sealed class FcnCaffeNet(FcnOptions options, Action<WeightSlot, Stream> writeValues)
{
    private const int Name = 1, Type = 2, Bottom = 3, Top = 4, Parameter = 6, Blobs = 7, Layer = 100;
    private const int ConvolutionSettings = 106, DropoutSettings = 108, PoolingSettings = 121, ScaleSettings = 142, CropSettings = 144;
    private const string Data = "data";

    private readonly ProtobufMessage net = new();

    /// <summary>Builds the message.</summary>
    /// <param name="name">Name of the net.</param>
    /// <param name="rows">The layer table.</param>
    public ProtobufMessage Make(string name, IReadOnlyList<LayerSpec> rows)
    {
        net.Add(1, name);
        net.Add(Layer, Head(Data, "Input", Data));
        var top = Data;
        foreach (var row in rows.TakeWhile(row => row.Kind is LayerKind.Convolution or LayerKind.Pooling))
            top = AddEncoder(row, top);
        var byName = rows.ToDictionary(row => row.Name);
        top = Add(byName["score_fr"], top);
        var grid = FcnGrid.OfFc7(options);
        foreach (var skip in FcnSkip.Of(options.Stride))
        {
            top = Add(byName[skip.Upsampling], top);
            grid = grid.Enlarged(2);
            var score = byName[skip.Score];
            var map = options.AtOnce ? AddScale(skip, score.InChannels) : skip.Pooling;
            Add(score, map);
            AddCrop(skip.Score + "c", skip.Score, top, grid.FirstCommon(FcnGrid.OfPooling(options, skip.Stride)).OtherFirst);
            net.Add(Layer, Head("fuse_" + skip.Pooling, "Eltwise", "fuse_" + skip.Pooling, top, skip.Score + "c"));
            top = "fuse_" + skip.Pooling;
        }

        top = Add(byName[FcnSkip.LastUpsampling(options.Stride)], top);
        AddCrop("score", top, Data, grid.Enlarged((int)options.Stride).OffsetOfPhoto);
        return net;
    }

    private string AddEncoder(LayerSpec row, string bottom)
    {
        if (row.Kind == LayerKind.Pooling)
        {
            net.Add(Layer, Head(row.Name, "Pooling", row.Name, bottom).Add(PoolingSettings, new ProtobufMessage().Add(1, 0).Add(2, row.Kernel).Add(3, row.Kernel)));
            return row.Name;
        }

        Add(row, bottom);
        var isFull = row.Name is LayerNames.Fc6 or LayerNames.Fc7;
        net.Add(Layer, Head(row.Name.Replace(isFull ? "fc" : "conv", "relu", StringComparison.Ordinal), "ReLU", row.Name, row.Name));
        if (isFull && options.Dropout > 0)
            net.Add(Layer, Head(row.Name.Replace("fc", "drop", StringComparison.Ordinal), "Dropout", row.Name, row.Name).Add(DropoutSettings, new ProtobufMessage().Add(1, (float)options.Dropout)));
        return row.Name;
    }

    private string Add(LayerSpec row, string bottom)
    {
        var isUpsampling = row.Kind == LayerKind.Upsampling;
        var message = Head(row.Name, isUpsampling ? "Deconvolution" : "Convolution", row.Name, bottom);

        // Learning rate and decay multipliers of kernel and bias, as in the published prototxts: upsampling is not trained.
        message.Add(Parameter, new ProtobufMessage().Add(3, isUpsampling ? 0f : 1f).Add(4, isUpsampling ? 0f : 1f));
        if (row.HasBias)
            message.Add(Parameter, new ProtobufMessage().Add(3, 2f).Add(4, 0f));
        message.Add(Blobs, Blob(row.WeightShape, stream => writeValues(new WeightSlot(row, WeightPart.Kernel), stream)));
        if (row.HasBias)
            message.Add(Blobs, Blob([row.OutChannels], stream => writeValues(new WeightSlot(row, WeightPart.Bias), stream)));
        net.Add(Layer, message.Add(ConvolutionSettings, new ProtobufMessage()
            .Add(1, row.OutChannels).Add(2, row.HasBias ? 1 : 0).Add(3, row.Padding).Add(4, row.Kernel).Add(6, row.Stride)));
        return row.Name;
    }

    /// <summary>A constant per channel, which is not trained.</summary>
    private string AddScale(FcnSkip skip, int channels)
    {
        var name = "scale_" + skip.Pooling;
        var message = Head(name, "Scale", name, skip.Pooling).Add(Parameter, new ProtobufMessage().Add(3, 0f));
        message.Add(Blobs, Blob([channels], stream =>
        {
            for (var i = 0; i < channels; i++)
                stream.Write(BitConverter.GetBytes((float)skip.AtOnceScale));
        }));
        net.Add(Layer, message.Add(ScaleSettings, new ProtobufMessage().Add(3, new ProtobufMessage().Add(1, "constant").Add(2, (float)skip.AtOnceScale))));
        return name;
    }

    private void AddCrop(string name, string bottom, string like, int offset) =>
        net.Add(Layer, Head(name, "Crop", name, bottom, like).Add(CropSettings, new ProtobufMessage().Add(1, 2).Add(2, offset)));

    private static ProtobufMessage Head(string name, string type, string top, params string[] bottoms)
    {
        var message = new ProtobufMessage().Add(Name, name).Add(Type, type);
        foreach (var bottom in bottoms)
            message.Add(Bottom, bottom);
        return message.Add(Top, top);
    }

    private static ProtobufMessage Blob(IReadOnlyList<long> shape, Action<Stream> write)
    {
        var sides = new ProtobufMessage();
        foreach (var side in shape)
            sides.Add(1, side);
        return new ProtobufMessage().Add(7, sides).Add(5, shape.Aggregate((product, side) => product * side), write);
    }
}
