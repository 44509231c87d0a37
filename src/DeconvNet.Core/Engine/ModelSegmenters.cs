using DeconvNet.Networks;
using DeconvNet.Proposals;
using DeconvNet.Segmentation;

namespace DeconvNet.Engine;

/// <summary>Segmenters of models, run by libtorch.</summary>
public static class ModelSegmenters
{
    /// <summary>Makes a segmenter of a DeconvNet. The model stays the caller's; the segmenter uses it where it lies.</summary>
    /// <param name="model">The network with its preprocessing and settings.</param>
    /// <param name="options">The recipe; <see cref="ProposalSegmenterOptions.Default"/> if omitted.</param>
    /// <param name="proposals">Finds the regions to look at; <see cref="Proposals.Ranking.RankedEdgeBoxes"/> if omitted.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static ProposalSegmenter CreateSegmenter(this DeconvNetModel model, ProposalSegmenterOptions? options = null, IProposalGenerator? proposals = null) =>
        new(new TorchScorer(model), proposals, options);

    /// <summary>Makes a segmenter of an FCN. The model stays the caller's; the segmenter uses it where it lies.</summary>
    /// <param name="model">The network with its preprocessing and settings.</param>
    /// <param name="options">The recipe; <see cref="FcnSegmenterOptions.Default"/> if omitted.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static FcnSegmenter CreateSegmenter(this FcnModel model, FcnSegmenterOptions? options = null) =>
        new(new TorchScorer(model), options);
}
