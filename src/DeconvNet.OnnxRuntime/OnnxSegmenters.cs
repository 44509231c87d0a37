using DeconvNet.Proposals;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

namespace DeconvNet.OnnxRuntime;

/// <summary>Creates models and segmenters from trained weights, run by ONNX Runtime.</summary>
public static class OnnxSegmenters
{
    /// <summary>Creates a model with the weights; the caller disposes it.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="engine">The engine options; <see cref="OnnxEngineOptions.Default"/> if omitted.</param>
    /// <exception cref="InvalidDataException">The weights are damaged, or for a different kind of network.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime cannot be loaded.</exception>
    public static OnnxModel LoadOnnxModel(this TrainedWeights weights, OnnxEngineOptions? engine = null)
    {
        (engine ?? OnnxEngineOptions.Default).Validate();
        using var bytes = new MemoryStream();
        OnnxModel.Export(weights, bytes);
        return OnnxModel.Load(bytes.ToArray(), weights.Name, engine ?? OnnxEngineOptions.Default);
    }

    /// <summary>Creates a segmenter with the weights. The segmenter owns the model and disposes it.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="options">The recipe; values left open come from the weights.</param>
    /// <param name="engine">The engine options; <see cref="OnnxEngineOptions.Default"/> if omitted.</param>
    /// <param name="proposals">Finds the regions to score; <see cref="Proposals.Ranking.RankedEdgeBoxes"/> if omitted.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="InvalidDataException">The weights are damaged, or for a different kind of network.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime cannot be loaded.</exception>
    public static ProposalSegmenter CreateOnnxSegmenter(
        this DeconvNetWeights weights, ProposalSegmenterOptions? options = null, OnnxEngineOptions? engine = null, IProposalGenerator? proposals = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        (options ?? ProposalSegmenterOptions.Default).Validate();
        return OnnxScorer.Segmenter(weights.LoadOnnxModel(engine), scorer => new ProposalSegmenter(scorer, proposals, options));
    }

    /// <summary>Creates a segmenter with the weights. The segmenter owns the model and disposes it.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="options">The recipe; values left open come from the weights.</param>
    /// <param name="engine">The engine options; <see cref="OnnxEngineOptions.Default"/> if omitted.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="InvalidDataException">The weights are damaged, or for a different kind of network.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime cannot be loaded.</exception>
    public static FcnSegmenter CreateOnnxSegmenter(this FcnWeights weights, FcnSegmenterOptions? options = null, OnnxEngineOptions? engine = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        (options ?? FcnSegmenterOptions.Default).Validate();
        return OnnxScorer.Segmenter(weights.LoadOnnxModel(engine), scorer => new FcnSegmenter(scorer, options));
    }

    /// <summary>Creates a segmenter from a model, which is not disposed with it; segmenters may share a model.</summary>
    /// <param name="model">The model.</param>
    /// <returns>A <see cref="ProposalSegmenter"/> for a DeconvNet, an <see cref="FcnSegmenter"/> for an FCN, with the recipe of the weights. For a different recipe, create one of them with an <see cref="OnnxScorer"/>.</returns>
    public static ISegmenter CreateSegmenter(this OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.FcnOptions is null ? new ProposalSegmenter(new OnnxScorer(model)) : new FcnSegmenter(new OnnxScorer(model));
    }
}
