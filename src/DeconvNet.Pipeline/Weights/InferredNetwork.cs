using System.Globalization;
using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Weights;

/// <summary>Infers the network of a file without metadata, such as the authors' caffemodels or a PyTorch checkpoint, from names and shapes.</summary>
internal static class InferredNetwork
{
    /// <exception cref="InvalidDataException">The file is not for a DeconvNet.</exception>
    public static DeconvNetOptions DeconvNet(NamedTensors tensors, Preprocessing? preprocessing)
    {
        // The two naming schemes differ in these names only.
        var keras = LayerNames.For(LayerNaming.Keras);
        var naming = tensors.Contains($"{keras.Score}.weight") && tensors.Contains($"{WeightName.Normalize(keras.Fc6Deconvolution)}.weight") ? LayerNaming.Keras : LayerNaming.Authors;
        var names = LayerNames.For(naming);
        var preset = naming == LayerNaming.Keras ? DeconvNetOptions.KerasVariant : DeconvNetOptions.Paper;
        var (first, fc6, score) = (KernelShape(tensors, names.Convolution(1, 1), "DeconvNet"), KernelShape(tensors, LayerNames.Fc6, "DeconvNet"), KernelShape(tensors, names.Score, "DeconvNet"));
        return Checked(tensors, "DeconvNet", () =>
        {
            var options = preset with
            {
                Width = checked((int)first[0]),
                FcChannels = checked((int)fc6[0]),
                InputSize = checked((int)fc6[3] * 32),
                ClassCount = checked((int)score[0]),
                ConvBias = tensors.Contains($"{WeightName.Normalize(names.Convolution(1, 1))}.bias"),
                Preprocessing = preprocessing ?? preset.Preprocessing,
            };
            options.Validate();
            var channels = Channels(tensors, LayerTable.Create(options));
            var irregular = channels is null ? null : options with { Channels = channels };
            return irregular is not null && LayerTable.FitSwitches(LayerTable.Create(irregular)) ? irregular : options;
        });
    }

    /// <summary>Infers an FCN, for the authors' newer prototxts and the older ones (<c>fcn-8s-pascal</c>), which name the upsampling layers differently.</summary>
    /// <exception cref="InvalidDataException">The file is not for an FCN.</exception>
    public static FcnOptions Fcn(NamedTensors tensors, Preprocessing? preprocessing)
    {
        var (first, fc6, score) = (KernelShape(tensors, "conv1_1", "FCN"), KernelShape(tensors, LayerNames.Fc6, "FCN"), KernelShape(tensors, "score_fr", "FCN"));
        return Checked(tensors, "FCN", () =>
        {
            var options = new FcnOptions
            {
                Stride = tensors.Contains("score_pool3.weight") ? FcnStride.Eight : tensors.Contains("score_pool4.weight") ? FcnStride.Sixteen : FcnStride.ThirtyTwo,
                Width = checked((int)first[0]),
                FcChannels = checked((int)fc6[0]),
                Fc6Kernel = checked((int)fc6[3]),
                ClassCount = checked((int)score[0]),
                AtOnce = tensors.Contains("scale_pool4.weight"),
                Preprocessing = preprocessing ?? Preprocessing.Caffe,
            };
            options.Validate();
            return options with { Channels = Channels(tensors, FcnLayerTable.Create(options)) };
        });
    }

    public static string OlderName(string layer) => layer switch
    {
        "upscore2" => "score2",
        "upscore_pool4" => "score4",
        "upscore8" or "upscore16" or "upscore" => "upsample",
        _ => layer,
    };

    public static WeightsInfo Info(WeightsFile file, INetworkOptions options, Preprocessing? preprocessing) => file.Format == WeightsFormat.Caffemodel
        ? new() { Name = file.Metadata.GetValueOrDefault("name") }
        : new() { Notes = preprocessing is null ? $"The file does not say how pixels become input; {options.Preprocessing} is assumed." : null };

    /// <summary>Checks the scales of the at-once variant, which are constants that the file repeats for each channel. Returns their tensors.</summary>
    /// <exception cref="InvalidDataException">The scales differ from the published ones.</exception>
    public static IReadOnlyList<StoredTensor> CheckScales(NamedTensors tensors, FcnOptions options)
    {
        var scales = new List<StoredTensor>();
        foreach (var skip in FcnSkip.Of(options.Stride))
        {
            if (tensors.Find($"scale_{skip.Pooling}.weight") is not { } entry)
                throw new InvalidDataException($"{tensors.File.Name}: layer 'scale_{skip.Pooling}' is missing, while scale_pool4 is there.");
            var values = new float[entry.Floating(tensors.File).Tensor.Count];
            entry.Read(tensors.File, values);
            if (Array.FindIndex(values, value => !(Math.Abs(value - skip.AtOnceScale) <= 1e-6 * skip.AtOnceScale)) is var wrong and >= 0)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{tensors.File.Name}: tensor '{StoredName.Show(entry.Tensor.Name)}' holds {values[wrong]} at {wrong}; expected {skip.AtOnceScale} everywhere, as published."));
            scales.Add(entry.Tensor);
        }

        return scales;
    }

    /// <summary>The channels of the kernels in the file; <see langword="null"/> if they match the rows, or a kernel is missing or malformed.</summary>
    private static LayerChannels? Channels(NamedTensors tensors, IReadOnlyList<LayerSpec> rows)
    {
        var regular = LayerTable.ChannelsOf(rows);
        var found = new List<int>();
        foreach (var row in rows.Where(row => row.Kind is LayerKind.Convolution or LayerKind.Deconvolution))
        {
            var shape = tensors.Find(new WeightSlot(row, WeightPart.Kernel))?.Layout.Shape;
            if (shape is not { Count: 4 } || shape[row.Kind == LayerKind.Convolution ? 0 : 1] is not (>= 1 and <= 65536 and var channels))
                return null;
            found.Add((int)channels);
        }

        LayerChannels all = [.. found];
        return all.Equals(regular) ? null : all;
    }

    private static T Checked<T>(NamedTensors tensors, string network, Func<T> infer)
    {
        try
        {
            return infer();
        }
        catch (Exception error) when (error is ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"{tensors.File.Name}: the shapes are not those of a {network}: {error.Message}", error);
        }
    }

    private static IReadOnlyList<long> KernelShape(NamedTensors tensors, string layer, string network)
    {
        var file = tensors.File;
        if (tensors.Find($"{WeightName.Normalize(layer)}.weight") is not { } entry)
        {
            var examples = string.Join(", ", file.Tensors.Take(5).Select(tensor => StoredName.Show(tensor.Name)).Concat(file.Tensors.Count > 5 ? ["…"] : []));
            var hint = VggTensors.LooksLikeOne(tensors) ? " It looks like a VGG-16: LoadVgg16 starts the encoder of a network from it." : "";
            throw new InvalidDataException(
                $"{file.Name}: this is not {(network == "FCN" ? "an" : "a")} {network}: layer '{layer}' with weights is missing among the {file.Tensors.Count} tensors ({examples}).{hint}");
        }

        var shape = entry.Layout.Shape;
        return shape.Count == 4
            ? shape
            : throw new InvalidDataException($"{file.Name}: the weights of layer '{layer}' have the shape {WeightShape.Text(shape)}; expected four sides.");
    }
}
