using DeconvNet.Weights.Formats;

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

    /// <summary>Accuracy by data set, such as <c>voc2012-val</c>.</summary>
    public IReadOnlyDictionary<string, MeasuredAccuracy> Metrics { get; init; } = new Dictionary<string, MeasuredAccuracy>();

    /// <exception cref="ArgumentException">A setting or a figure is out of range.</exception>
    internal void Validate()
    {
        Inference.Validate();
        foreach (var (dataSet, accuracy) in Metrics)
            (accuracy ?? throw new ArgumentException($"The metrics of '{StoredName.Show(dataSet)}' are null.")).Validate();
    }
}
