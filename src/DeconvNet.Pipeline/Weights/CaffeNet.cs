using DeconvNet.Architecture;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Weights;

/// <summary>
/// Builds the network as a <c>NetParameter</c> message like the authors' Caffe: the old format with its field and type numbers, every layer with
/// bottoms, tops and parameters, and four-dimensional blobs.
/// </summary>
internal sealed class CaffeNet(CaffeBatchNorm batchNorm, Action<WeightSlot, Stream> writeValues)
{
    private const int Bottom = 2, Top = 3, Name = 4, Type = 5, Blobs = 6, RateFactors = 7, DecayFactors = 8;
    private const int ConvolutionSettings = 10, PoolingSettings = 19, UnpoolingSettings = 44, BatchNormSettings = 45;

    private string top = "data";

    /// <summary>Builds the message.</summary>
    /// <param name="name">Name of the net.</param>
    /// <param name="rows">The layer table, with the authors' layer names.</param>
    public ProtobufMessage Make(string name, IEnumerable<LayerSpec> rows)
    {
        top = "data";
        var net = new ProtobufMessage().Add(1, name);
        foreach (var layer in rows.SelectMany(Layers))
            net.Add(2, layer);
        return net.Add(3, "data");
    }

    private IEnumerable<ProtobufMessage> Layers(LayerSpec row)
    {
        if (!row.HasWeights)
        {
            yield return row.Kind == LayerKind.Pooling ? Pooling(row) : Unpooling(row);
            yield break;
        }

        yield return Kernel(row);
        if (row.BatchNorm is null)
            yield break;
        yield return BatchNorm(row);
        yield return Head(ReLU(row.Name), 18, top);
    }

    private ProtobufMessage Kernel(LayerSpec row)
    {
        // The blob of the authors' score layer is named differently.
        var message = Head(row.Name, row.Kind == LayerKind.Deconvolution ? 39 : 4, row.Kind == LayerKind.Score ? "seg-score" : row.Name);
        message.Add(Blobs, Blob(new WeightSlot(row, WeightPart.Kernel), row.WeightShape));
        if (row.HasBias)
            message.Add(Blobs, Blob(new WeightSlot(row, WeightPart.Bias), [1, 1, 1, row.OutChannels]));
        if (row.Kind == LayerKind.Score)
            return message.Add(ConvolutionSettings, new ProtobufMessage().Add(1, row.OutChannels).Add(4, row.Kernel));

        // Learning rate and decay multipliers of weight and bias, as in the authors' prototxt.
        message.Add(RateFactors, 1f);
        if (row.HasBias)
            message.Add(RateFactors, 2f);
        message.Add(DecayFactors, 1f);
        if (row.HasBias)
            message.Add(DecayFactors, 0f);
        var settings = new ProtobufMessage().Add(1, row.OutChannels);
        if (!row.HasBias)
            settings.Add(2, 0);
        return message.Add(ConvolutionSettings, settings.Add(3, row.Padding).Add(4, row.Kernel));
    }

    private ProtobufMessage BatchNorm(LayerSpec row) => Head(row.BatchNorm!, 43, top)
        .Add(Blobs, Blob(new WeightSlot(row, WeightPart.Scale), [1, row.OutChannels, 1, 1]))
        .Add(Blobs, Blob(new WeightSlot(row, WeightPart.Shift), [1, row.OutChannels, 1, 1]))
        .Add(BatchNormSettings, new ProtobufMessage()
            .Add(1, Constant(1))
            .Add(2, Constant(0.001f))
            .Add(3, batchNorm == CaffeBatchNorm.Folded ? 1 : 0));

    private ProtobufMessage Pooling(LayerSpec row) =>
        Head(row.Name, 17, row.Name, secondTop: Mask(row.Name)).Add(PoolingSettings, Maximum(row));

    private ProtobufMessage Unpooling(LayerSpec row) =>
        Head(row.Name, 42, row.Name, secondBottom: Mask(row.Switches!)).Add(UnpoolingSettings, Maximum(row).Add(12, row.OutputSize));

    private ProtobufMessage Head(string name, int type, string newTop, string? secondBottom = null, string? secondTop = null)
    {
        var message = new ProtobufMessage().Add(Bottom, top);
        if (secondBottom is not null)
            message.Add(Bottom, secondBottom);
        message.Add(Top, newTop);
        if (secondTop is not null)
            message.Add(Top, secondTop);
        top = newTop;
        return message.Add(Name, name).Add(Type, type);
    }

    private ProtobufMessage Blob(WeightSlot slot, IReadOnlyList<long> sides)
    {
        var message = new ProtobufMessage();
        for (var i = 0; i < sides.Count; i++)
            message.Add(i + 1, sides[i]);
        return message.Add(5, sides.Aggregate((product, side) => product * side), stream => writeValues(slot, stream));
    }

    /// <summary>2×2 max pooling with stride 2.</summary>
    private static ProtobufMessage Maximum(LayerSpec row) => new ProtobufMessage().Add(1, 0).Add(2, row.Kernel).Add(3, row.Kernel);

    private static ProtobufMessage Constant(float value) => new ProtobufMessage().Add(1, "constant").Add(2, value);

    private static string Mask(string pooling) => pooling + "_mask";

    private static string ReLU(string layer) => layer switch
    {
        "fc6" => "relu6",
        "fc7" => "relu7",
        "fc6-deconv" => "fc6-deconv-relu",
        _ => layer.Replace("conv", "relu", StringComparison.Ordinal),
    };
}
