namespace DeconvNet.Architecture;

/// <summary>Naming scheme of a network's layers.</summary>
public enum LayerNaming
{
    /// <summary>The authors' Caffe names: <c>conv1_1</c>, <c>fc6-deconv</c>, <c>seg-score-voc</c>.</summary>
    Authors,

    /// <summary>Names of the Keras variant: <c>conv1-1</c>, <c>deconv-fc6</c>, <c>output</c>.</summary>
    Keras,
}

/// <summary>Builds layer names, and maps them to names of modules and tensors.</summary>
internal abstract class LayerNames
{
    public const string Fc6 = "fc6";

    public const string Fc7 = "fc7";

    public abstract string Fc6Deconvolution { get; }

    public abstract string Score { get; }

    public static LayerNames For(LayerNaming naming) => naming == LayerNaming.Authors ? new AuthorsNames() : new KerasNames();

    /// <summary>The name under which a layer's module is registered: module names may not contain <c>-</c>.</summary>
    public static string ToModuleName(string layer) => layer.Replace('-', '_');

    public static string Pooling(int block) => $"pool{block}";

    public static string Unpooling(int block) => $"unpool{block}";

    public abstract string Convolution(int block, int index);

    public abstract string Deconvolution(int block, int index);

    public abstract string BatchNorm(string layer);

    private sealed class AuthorsNames : LayerNames
    {
        public override string Fc6Deconvolution => "fc6-deconv";

        public override string Score => "seg-score-voc";

        public override string Convolution(int block, int index) => $"conv{block}_{index}";

        public override string Deconvolution(int block, int index) => $"deconv{block}_{index}";

        public override string BatchNorm(string layer) => layer switch
        {
            "fc6" or "fc7" => "bn" + layer,
            "fc6-deconv" => "fc6-deconv-bn",
            _ => layer.Replace("conv", "bn", StringComparison.Ordinal),
        };
    }

    private sealed class KerasNames : LayerNames
    {
        public override string Fc6Deconvolution => "deconv-fc6";

        public override string Score => "output";

        public override string Convolution(int block, int index) => $"conv{block}-{index}";

        public override string Deconvolution(int block, int index) => $"deconv{block}-{index}";

        public override string BatchNorm(string layer) => "bn-" + layer;
    }
}
