namespace DeconvNet.Weights;

/// <summary>
/// How weights are meant to be used. It is stored in the weights file and applies wherever the options of a segmenter leave a value open, so that
/// nobody has to know by heart at what size a network was trained. Immutable.
/// </summary>
public sealed record InferenceSettings
{
    /// <summary>Nothing is prescribed.</summary>
    public static InferenceSettings None { get; } = new();

    /// <summary>The longer side to which photos are resized for a network that looks at whole photos, in pixels, 16 … 4096.</summary>
    public int? WorkingSide { get; init; }

    /// <summary>How many proposals a network of crops looks at, at least 1.</summary>
    public int? MaxProposals { get; init; }
}
