using DeconvNet.Segmentation;

namespace DeconvNet.Extensions.DependencyInjection;

/// <summary>Segmentation method of an application.</summary>
public enum SegmenterMethod
{
    /// <summary>DeconvNet on object proposals.</summary>
    DeconvNet,

    /// <summary>FCN-8s on the whole photo: about ten times as fast, slightly less accurate.</summary>
    Fcn8s,

    /// <summary>The ensemble of both, more accurate than either.</summary>
    Ensemble,
}

/// <summary>
/// Options of the segmenter that <c>AddDeconvNet</c> registers. Every property can be set in the configuration by its name, as in
/// <c>"DeconvNet": { "Method": "Ensemble", "Crf": true, "Proposals": { "MaxProposals": 20 } }</c>. Immutable.
/// </summary>
public sealed record SegmenterServiceOptions
{
    /// <summary>The method. Default <see cref="SegmenterMethod.DeconvNet"/>.</summary>
    public SegmenterMethod Method { get; init; }

    /// <summary>A weights file of a DeconvNet (.safetensors or .caffemodel), or with <see cref="SegmenterMethod.Fcn8s"/> of an FCN, own classes included; <see langword="null"/> for the default weights.</summary>
    public string? WeightsFile { get; init; }

    /// <summary>Device on which the network runs: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, or <c>auto</c> for a GPU if there is one. Default <c>cpu</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Whether to refine outlines with a fully connected CRF. Default false.</summary>
    public bool Crf { get; init; }

    /// <summary>
    /// Whether the host creates the segmenter and runs it on a synthetic picture before accepting requests, so that the first request is fast, and a mistake in the
    /// configuration prevents the start. Default true.
    /// </summary>
    public bool WarmUp { get; init; } = true;

    // New instances instead of the static defaults, since the configuration binder modifies the object that it finds.

    /// <summary>The recipe of the DeconvNet. Values left open come from the weights.</summary>
    public ProposalSegmenterOptions Proposals { get; init; } = new();

    /// <summary>The recipe of the FCN-8s. Values left open come from the weights.</summary>
    public FcnSegmenterOptions Fcn { get; init; } = new();

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    internal void Validate()
    {
        OptionValue.Require(Enum.IsDefined(Method), this, Method, string.Join(", ", Enum.GetNames<SegmenterMethod>()));
        OptionValue.Require(WeightsFile is null or { Length: > 0 }, this, WeightsFile, "the name of a file");
        Proposals.Validate();
        Fcn.Validate();
    }
}
