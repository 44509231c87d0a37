using System.Globalization;
using DeconvNet.Imaging;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Weights;

/// <summary>One of the fifteen layers of VGG-16 that an encoder has: thirteen convolutions, fc6 and fc7.</summary>
/// <param name="Layer">Index of the layer, 0 … 14.</param>
/// <param name="IsNorm">Whether the tensor belongs to its batch norm.</param>
/// <param name="Part">The part in PyTorch's terms.</param>
internal readonly record struct VggPlace(int Layer, bool IsNorm, string Part);

/// <summary>The tensors of a VGG-16 by layer, under the names of Caffe, torchvision, timm, Keras or the DeconvNet authors.</summary>
internal sealed class VggTensors
{
    public const int Convolutions = 13;

    // Indices of the convolutions among torchvision's layers, without and with batch norm; a norm follows its convolution.
    private static readonly int[] Plain = [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28];
    private static readonly int[] WithNorm = [0, 3, 7, 10, 14, 17, 20, 24, 27, 30, 34, 37, 40];
    private static readonly Dictionary<string, (int Layer, bool IsNorm)> Names = MakeNames();

    private readonly Dictionary<VggPlace, NamedTensor> places = [];

    public VggTensors(NamedTensors tensors)
    {
        var source = tensors.File.Name;

        var hasNorm = tensors.All.Any(entry => FeatureNumber(entry.Name.Layer) is not null && entry.Tensor.Shape.Count == 1 && entry.Name.Part == "weight");
        Unused.AddRange(tensors.Others.Concat(tensors.Bystanders));

        // torchvision's older classifier started with dropout, which shifted its layers by one.
        var isOlder = tensors.All.All(entry => entry.Name.Layer != "classifier.0");
        foreach (var entry in tensors.All)
        {
            var (tensor, name) = entry;
            var feature = FeatureNumber(name.Layer);
            HasTorchvisionNames |= feature is not null;
            if ((feature is { } number ? Feature(number, hasNorm) : Named(name.Layer) ?? (isOlder ? OlderNamed(name.Layer) : null)) is not { } place)
            {
                if (feature is not null && tensor.Shape.Count == 4)
                    throw new InvalidDataException($"{source}: this is not a VGG-16: '{tensor.Name}' is a convolution where VGG-16 has none.");
                Unused.Add(tensor);
                continue;
            }

            if (!places.TryAdd(new(place.Layer, place.IsNorm, name.Part), entry.Floating(tensors.File)))
                throw new InvalidDataException($"{source}: '{tensor.Name}' and '{places[new(place.Layer, place.IsNorm, name.Part)].Tensor.Name}' are one layer of VGG-16.");
        }

        var options = WeightsMetadata.IsIn(tensors.File) ? WeightsMetadata.ReadOptions(tensors.File.Metadata, source) : null;
        NormEpsilon = options?.BatchNormEpsilon ?? tensors.NormEpsilon;
        Preprocessing = options?.Preprocessing ?? (tensors.Contains("seg_score_voc.weight") || tensors.Contains("score_fr.weight") ? Preprocessing.Caffe : null);
    }

    /// <summary>The tensors that belong to none of the fifteen layers.</summary>
    public List<StoredTensor> Unused { get; } = [];

    public bool HasTorchvisionNames { get; }

    /// <summary>Batch norm epsilon of the file, or the default of the framework.</summary>
    public double NormEpsilon { get; }

    /// <summary>The preprocessing of the file if it is a DeconvNet, or an FCN of Long et al. with the same means, rather than a plain VGG-16.</summary>
    public Preprocessing? Preprocessing { get; }

    public static bool LooksLikeOne(NamedTensors tensors) =>
        tensors.All.Any(entry => FeatureNumber(entry.Name.Layer) == 0 || Named(entry.Name.Layer) is (0, false))
        && !tensors.All.Any(entry => entry.Name.Layer.Contains("deconv", StringComparison.Ordinal));

    public NamedTensor? Find(int layer, bool isNorm, string part) =>
        places.TryGetValue(new(layer, isNorm, part), out var found) ? found : null;

    // "features.10", or just "10" if a file contains only the convolutional part.
    private static int? FeatureNumber(string layer)
    {
        var dot = layer.LastIndexOf('.');
        return int.TryParse(layer.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && (dot < 0 || layer.AsSpan(0, dot).EndsWith("features", StringComparison.Ordinal)) ? number : null;
    }

    private static (int Layer, bool IsNorm)? Feature(int number, bool hasNorm)
    {
        if (Array.IndexOf(hasNorm ? WithNorm : Plain, number) is var convolution and >= 0)
            return (convolution, false);
        return hasNorm && Array.IndexOf(WithNorm, number - 1) is var norm and >= 0 ? (norm, true) : null;
    }

    private static (int Layer, bool IsNorm)? OlderNamed(string layer) => layer switch
    {
        "classifier.1" => (Convolutions, false),
        "classifier.4" => (Convolutions + 1, false),
        _ => null,
    };

    private static (int Layer, bool IsNorm)? Named(string layer) => Names.TryGetValue(layer, out var place) ? place : null;

    private static Dictionary<string, (int Layer, bool IsNorm)> MakeNames()
    {
        var names = new Dictionary<string, (int, bool)>(StringComparer.Ordinal);
        var layer = 0;
        int[] perBlock = [2, 2, 3, 3, 3];
        for (var block = 1; block <= perBlock.Length; block++)
        {
            for (var i = 1; i <= perBlock[block - 1]; i++, layer++)
            {
                names.Add($"conv{block}_{i}", (layer, false));
                names.Add($"block{block}_conv{i}", (layer, false));
                names.Add($"bn{block}_{i}", (layer, true));
                names.Add($"bn_conv{block}_{i}", (layer, true));
            }
        }

        foreach (var (fc, forms) in (ReadOnlySpan<(string, string[])>)[("fc6", ["fc6", "fc1", "classifier.0", "pre_logits.fc1"]), ("fc7", ["fc7", "fc2", "classifier.3", "pre_logits.fc2"])])
        {
            foreach (var form in forms)
                names.Add(form, (layer, false));
            names.Add("bn" + fc, (layer, true));
            names.Add("bn_" + fc, (layer, true));
            layer++;
        }

        return names;
    }
}
