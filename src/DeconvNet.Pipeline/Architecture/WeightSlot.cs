namespace DeconvNet.Architecture;

/// <summary>One stored array of a layer.</summary>
internal enum WeightPart
{
    Kernel,
    Bias,
    Scale,
    Shift,
    RunningMean,
    RunningVariance,
}

/// <summary>
/// A tensor of the network, whose name and shape are known from the layer table before a model exists.
/// Names are the authors' layer names with PyTorch's suffixes.
/// </summary>
internal sealed record WeightSlot(LayerSpec Row, WeightPart Part)
{
    public string Name => Part switch
    {
        WeightPart.Kernel => $"{Row.Name}.weight",
        WeightPart.Bias => $"{Row.Name}.bias",
        WeightPart.Scale => $"{Row.BatchNorm}.weight",
        WeightPart.Shift => $"{Row.BatchNorm}.bias",
        WeightPart.RunningMean => $"{Row.BatchNorm}.running_mean",
        _ => $"{Row.BatchNorm}.running_var",
    };

    public IReadOnlyList<long> Shape => Part == WeightPart.Kernel ? Row.WeightShape : [Row.OutChannels];

    public static IReadOnlyList<WeightSlot> Of(IReadOnlyList<LayerSpec> rows) => [.. rows.Where(row => row.HasWeights).SelectMany(PartsOf)];

    private static IEnumerable<WeightSlot> PartsOf(LayerSpec row)
    {
        yield return new(row, WeightPart.Kernel);
        if (row.HasBias)
            yield return new(row, WeightPart.Bias);
        if (row.BatchNorm is null)
            yield break;
        foreach (var part in (WeightPart[])[WeightPart.Scale, WeightPart.Shift, WeightPart.RunningMean, WeightPart.RunningVariance])
            yield return new(row, part);
    }
}
