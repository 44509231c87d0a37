using DeconvNet.Proposals;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

namespace DeconvNet.OnnxRuntime;

/// <summary>Models and segmenters of trained weights, run by ONNX Runtime.</summary>
public static class OnnxSegmenters
{
    /// <summary>Makes a model with the weights; the caller disposes it.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="engine">How it runs; <see cref="OnnxEngineOptions.Default"/> if omitted.</param>
    /// <exception cref="InvalidDataException">The weights are damaged, or for another network.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime does not run here.</exception>
    public static OnnxModel LoadOnnxModel(this TrainedWeights weights, OnnxEngineOptions? engine = null)
    {
        (engine ?? OnnxEngineOptions.Default).Validate();
        using var bytes = new MemoryStream();
        OnnxModel.Export(weights, bytes);
        return OnnxModel.Load(bytes.ToArray(), weights.Name, engine ?? OnnxEngineOptions.Default);
    }

    /// <summary>Makes a segmenter of the weights. It owns the model that it makes: disposing the segmenter frees everything.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="options">The recipe; what it leaves open, the weights say.</param>
    /// <param name="engine">How the network runs; <see cref="OnnxEngineOptions.Default"/> if omitted.</param>
    /// <param name="proposals">Finds the regions to look at; <see cref="Proposals.Ranking.RankedEdgeBoxes"/> if omitted.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidDataException">The weights are damaged, or for another network.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime does not run here.</exception>
    public static ProposalSegmenter CreateOnnxSegmenter(
        this DeconvNetWeights weights, ProposalSegmenterOptions? options = null, OnnxEngineOptions? engine = null, IProposalGenerator? proposals = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        (options ?? ProposalSegmenterOptions.Default).Validate();
        return OnnxScorer.Segmenter(weights.LoadOnnxModel(engine), scorer => new ProposalSegmenter(scorer, proposals, options));
    }

    /// <summary>Makes a segmenter of the weights. It owns the model that it makes: disposing the segmenter frees everything.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="options">The recipe; what it leaves open, the weights say.</param>
    /// <param name="engine">How the network runs; <see cref="OnnxEngineOptions.Default"/> if omitted.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidDataException">The weights are damaged, or for another network.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime does not run here.</exception>
    public static FcnSegmenter CreateOnnxSegmenter(this FcnWeights weights, FcnSegmenterOptions? options = null, OnnxEngineOptions? engine = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        (options ?? FcnSegmenterOptions.Default).Validate();
        return OnnxScorer.Segmenter(weights.LoadOnnxModel(engine), scorer => new FcnSegmenter(scorer, options));
    }

    /// <summary>Makes a segmenter of a model. The model stays the caller's; segmenters may share it.</summary>
    /// <param name="model">The model.</param>
    /// <returns>A <see cref="ProposalSegmenter"/> for a DeconvNet, an <see cref="FcnSegmenter"/> for an FCN, with the recipe that the weights say. For another recipe, make one of them with an <see cref="OnnxScorer"/>.</returns>
    public static ISegmenter CreateSegmenter(this OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.FcnOptions is null ? new ProposalSegmenter(new OnnxScorer(model)) : new FcnSegmenter(new OnnxScorer(model));
    }
}
