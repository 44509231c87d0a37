using DeconvNet.Segmentation;

namespace DeconvNet.Extensions.DependencyInjection;

/// <summary>What the segmenter of an application is made of.</summary>
public enum SegmenterMethod
{
    /// <summary>DeconvNet on object proposals.</summary>
    DeconvNet,

    /// <summary>FCN-8s on the whole photo: about ten times as fast, a little less accurate.</summary>
    Fcn8s,

    /// <summary>Both together, more accurate than either.</summary>
    Ensemble,
}

/// <summary>
/// The segmenter that <c>AddDeconvNet</c> registers. Every property may stand in the configuration under its name, as in
/// <c>"DeconvNet": { "Method": "Ensemble", "Crf": true, "Proposals": { "MaxProposals": 20 } }</c>. Immutable.
/// </summary>
public sealed record SegmenterServiceOptions
{
    /// <summary>The method. Default <see cref="SegmenterMethod.DeconvNet"/>.</summary>
    public SegmenterMethod Method { get; init; }

    /// <summary>A weights file of a DeconvNet (.safetensors or .caffemodel), or with <see cref="SegmenterMethod.Fcn8s"/> of an FCN, own classes included; <see langword="null"/> for the default weights.</summary>
    public string? WeightsFile { get; init; }

    /// <summary>Where the network runs: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, or <c>auto</c> for a GPU where there is one. Default <c>cpu</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Whether outlines are aligned with the edges of the photo by a fully connected CRF. Default false.</summary>
    public bool Crf { get; init; }

    /// <summary>
    /// Whether the host loads the segmenter and segments a drawn picture before it takes requests, so that the first visitor does not wait, and a mistake in the
    /// configuration ends the start. Default true.
    /// </summary>
    public bool WarmUp { get; init; } = true;

    // Not the static defaults: the configuration binder fills the object that it finds.

    /// <summary>The recipe of the DeconvNet. What it leaves open, the weights say.</summary>
    public ProposalSegmenterOptions Proposals { get; init; } = new();

    /// <summary>The recipe of the FCN-8s. What it leaves open, the weights say.</summary>
    public FcnSegmenterOptions Fcn { get; init; } = new();

    /// <summary>The options by name and value; the same under every culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    internal void Validate()
    {
        OptionValue.Require(Enum.IsDefined(Method), this, Method, string.Join(", ", Enum.GetNames<SegmenterMethod>()));
        OptionValue.Require(WeightsFile is null or { Length: > 0 }, this, WeightsFile, "the name of a file");
        Proposals.Validate();
        Fcn.Validate();
    }
}
