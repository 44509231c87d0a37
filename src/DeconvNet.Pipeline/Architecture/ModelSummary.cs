using System.Globalization;
using System.Text;

namespace DeconvNet.Architecture;

/// <summary>A network's layers with their sizes and costs; <see cref="ToString"/> returns a table.</summary>
/// <param name="Layers">The layer table.</param>
public sealed record ModelSummary(IReadOnlyList<LayerSpec> Layers)
{
    /// <summary>Trainable parameters of all layers.</summary>
    public long ParameterCount => Layers.Sum(row => row.ParameterCount);

    /// <summary>Multiply-adds for one image.</summary>
    public long MultiplyAdds => Layers.Sum(row => row.MultiplyAdds);

    /// <summary>One line per layer: name, output shape <c>[C, H, W]</c>, trainable parameters, multiply-adds for one image; then the totals.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        AddLine("layer", "output", "parameters", "multiply-adds");
        foreach (var row in Layers)
            AddLine(row.Name, $"[{row.OutChannels}, {row.OutputSize}, {row.OutputSize}]", Number(row.ParameterCount), Number(row.MultiplyAdds));
        AddLine("total", "", Number(ParameterCount), Number(MultiplyAdds));
        return text.ToString();

        void AddLine(string layer, string output, string parameters, string multiplyAdds) =>
            text.Append(CultureInfo.InvariantCulture, $"{layer,-16}{output,-18}{parameters,14}{multiplyAdds,18}").AppendLine();

        static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
    }
}
