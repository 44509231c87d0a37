namespace DeconvNet.Weights;

/// <summary>
/// What a weights file says of its origin. The network's shape, class names and preprocessing are stored beside it and
/// taken from the model. Immutable.
/// </summary>
public sealed record WeightsInfo
{
    /// <summary>Nothing is known.</summary>
    public static WeightsInfo None { get; } = new();

    /// <summary>What tells these weights from all others, such as <c>deconvnet-compact-1</c>; it changes with the values.</summary>
    public string? Id { get; init; }

    /// <summary>A short name of the weights.</summary>
    public string? Name { get; init; }

    /// <summary>Under what terms they may be used, best as an SPDX expression.</summary>
    public string? License { get; init; }

    /// <summary>What to cite.</summary>
    public string? Citation { get; init; }

    /// <summary>How they were made: data, command, seed.</summary>
    public string? Recipe { get; init; }

    /// <summary>Whatever else a user should know.</summary>
    public string? Notes { get; init; }

    /// <summary>How they are meant to be used.</summary>
    public InferenceSettings Inference { get; init; } = InferenceSettings.None;

    /// <summary>Measured figures, finite; names are the data set and the measure, such as <c>voc-val/mean-iou</c>.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>The figures measured on one data set, by measure; empty if there are none.</summary>
    /// <param name="dataSet">What stands before the last slash in <see cref="Metrics"/>, such as <c>voc-val</c>.</param>
    public IReadOnlyDictionary<string, double> MetricsOf(string dataSet)
    {
        ArgumentNullException.ThrowIfNull(dataSet);
        return Metrics
            .Where(metric => metric.Key.LastIndexOf('/') is var slash && slash >= 0 && metric.Key.AsSpan(0, slash).SequenceEqual(dataSet))
            .ToDictionary(metric => metric.Key[(metric.Key.LastIndexOf('/') + 1)..], metric => metric.Value, StringComparer.Ordinal);
    }
}
