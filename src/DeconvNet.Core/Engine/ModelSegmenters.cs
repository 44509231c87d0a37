using DeconvNet.Networks;
using DeconvNet.Proposals;
using DeconvNet.Segmentation;

namespace DeconvNet.Engine;

/// <summary>Creates segmenters from models, run by libtorch.</summary>
public static class ModelSegmenters
{
    /// <summary>Creates a segmenter from a DeconvNet. The model is not disposed with the segmenter, which runs it on its current device.</summary>
    /// <param name="model">The network.</param>
    /// <param name="options">The recipe; <see cref="ProposalSegmenterOptions.Default"/> if omitted.</param>
    /// <param name="proposals">Finds the regions to score; <see cref="Proposals.Ranking.RankedEdgeBoxes"/> if omitted.</param>
    /// <param name="engine">Options of the engine; <see cref="TorchEngineOptions.Default"/> if omitted.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static ProposalSegmenter CreateSegmenter(this DeconvNetModel model, ProposalSegmenterOptions? options = null, IProposalGenerator? proposals = null, TorchEngineOptions? engine = null) =>
        new(new TorchScorer(model, engine ?? TorchEngineOptions.Default), proposals, options);

    /// <summary>Creates a segmenter from an FCN. The model is not disposed with the segmenter, which runs it on its current device.</summary>
    /// <param name="model">The network.</param>
    /// <param name="options">The recipe; <see cref="FcnSegmenterOptions.Default"/> if omitted.</param>
    /// <param name="engine">Options of the engine; <see cref="TorchEngineOptions.Default"/> if omitted.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static FcnSegmenter CreateSegmenter(this FcnModel model, FcnSegmenterOptions? options = null, TorchEngineOptions? engine = null) =>
        new(new TorchScorer(model, engine ?? TorchEngineOptions.Default), options);
}
