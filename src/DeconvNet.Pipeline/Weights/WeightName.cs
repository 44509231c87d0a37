namespace DeconvNet.Weights;

/// <summary>
/// The parsed name of a stored tensor, in the conventions of Caffe, PyTorch (<c>conv1_1.weight</c>) and Keras (<c>block1_conv1/kernel:0</c>,
/// <c>block1_conv1_W_1:0</c>).
/// </summary>
/// <param name="Layer">The layer, with <c>-</c> replaced by <c>_</c>, since module names in PyTorch often cannot contain hyphens.</param>
/// <param name="Part">The part of the layer in PyTorch's terms: <c>weight</c>, <c>bias</c>, <c>running_mean</c> ….</param>
/// <param name="IsKeras">Whether the name is from Keras, whose kernels are <c>[k, k, in, out]</c>.</param>
internal sealed record WeightName(string Layer, string Part, bool IsKeras)
{
    private static readonly (string Suffix, string Part, bool IsKeras)[] Parts =
    [
        ("num_batches_tracked", "num_batches_tracked", false),
        ("running_mean", "running_mean", false),
        ("running_var", "running_var", false),
        ("weight", "weight", false),
        ("bias", "bias", false),
        ("moving_mean", "running_mean", true),
        ("moving_variance", "running_var", true),
        ("running_std", "running_var", true), // the name in Keras 1, although it is a variance
        ("kernel", "weight", true),
        ("gamma", "weight", true),
        ("beta", "bias", true),
        ("W", "weight", true),
        ("b", "bias", true),
    ];

    /// <summary>The normalized name.</summary>
    public string Key => $"{Layer}.{Part}";

    /// <summary>Parses a name; <see langword="null"/> if it follows none of the conventions.</summary>
    public static WeightName? Parse(string name)
    {
        var text = CutNumber(name.AsSpan(), ':');
        foreach (var candidate in (string[])[text.ToString(), CutNumber(text, '_').ToString()])
        {
            foreach (var (suffix, part, isKeras) in Parts)
            {
                var cut = candidate.Length - suffix.Length - 1;
                if (cut <= 0 || !candidate.EndsWith(suffix, StringComparison.Ordinal) || candidate[cut] is not ('.' or '/' or '_'))
                    continue;

                // Keras separates the layer with slashes; in names with a dot, a slash is part of the layer's name, as in Caffe's "inception_3a/1x1".
                var layer = candidate[..cut];
                return new(Normalize(candidate[cut] == '.' ? layer : layer[(layer.LastIndexOf('/') + 1)..]), part, isKeras);
            }
        }

        return null;
    }

    public static string Normalize(string layer) => layer.Replace('-', '_');

    // Keras ends names with the index of the tensor (":0") and of the copy ("_1").
    private static ReadOnlySpan<char> CutNumber(ReadOnlySpan<char> name, char before)
    {
        var digits = name.Length - name.TrimEnd("0123456789").Length;
        var at = name.Length - digits - 1;
        return digits > 0 && at > 0 && name[at] == before ? name[..at] : name;
    }
}
