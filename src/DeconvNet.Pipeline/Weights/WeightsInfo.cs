namespace DeconvNet.Weights;

/// <summary>
/// Information about weights, stored in the weights file. The shape of the network, class names and preprocessing are stored separately and
/// taken from the model. Immutable.
/// </summary>
public sealed record WeightsInfo
{
    /// <summary>No information.</summary>
    public static WeightsInfo None { get; } = new();

    /// <summary>Unique identifier, such as <c>deconvnet-compact-1</c>; it changes with the values.</summary>
    public string? Id { get; init; }

    /// <summary>Short name.</summary>
    public string? Name { get; init; }

    /// <summary>License, preferably as an SPDX expression.</summary>
    public string? License { get; init; }

    /// <summary>What to cite.</summary>
    public string? Citation { get; init; }

    /// <summary>How the weights were made: data, command, seed.</summary>
    public string? Recipe { get; init; }

    /// <summary>Anything else that users should know.</summary>
    public string? Notes { get; init; }

    /// <summary>How the weights are meant to be used.</summary>
    public InferenceSettings Inference { get; init; } = InferenceSettings.None;

    /// <summary>Measured values, all finite; names consist of data set and metric, such as <c>voc-val/mean-iou</c>.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>The metrics of one data set, by name; empty if there are none.</summary>
    /// <param name="dataSet">The part before the last slash in <see cref="Metrics"/>, such as <c>voc-val</c>.</param>
    public IReadOnlyDictionary<string, double> MetricsOf(string dataSet)
    {
        ArgumentNullException.ThrowIfNull(dataSet);
        return Metrics
            .Where(metric => metric.Key.LastIndexOf('/') is var slash && slash >= 0 && metric.Key.AsSpan(0, slash).SequenceEqual(dataSet))
            .ToDictionary(metric => metric.Key[(metric.Key.LastIndexOf('/') + 1)..], metric => metric.Value, StringComparer.Ordinal);
    }
}
