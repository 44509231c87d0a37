using DeconvNet.Proposals;
using DeconvNet.Segmentation;

namespace DeconvNet.OnnxRuntime;

/// <summary>Trained weights as an <c>.onnx</c> file from any source, for instance an embedded resource, optionally compressed with gzip. Thread-safe.</summary>
public abstract class OnnxWeights
{
    private readonly Func<Stream> open;

    private protected OnnxWeights(string name, Func<Stream> open)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(open);
        Name = name;
        this.open = open;
    }

    /// <summary>Name of the weights in error messages, such as a file name.</summary>
    public string Name { get; }

    /// <summary>Opens the file as a stream, which the caller disposes.</summary>
    public Stream OpenRead() => open();

    /// <summary>Creates a model; the caller disposes it.</summary>
    /// <param name="engine">The engine options; <see cref="OnnxEngineOptions.Default"/> if omitted.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or truncated, or was not written by this library.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime cannot be loaded.</exception>
    public OnnxModel LoadModel(OnnxEngineOptions? engine = null)
    {
        using var stream = OpenRead();
        return OnnxModel.Load(stream, Name, engine);
    }
}

/// <summary>Trained weights of a DeconvNet as an <c>.onnx</c> file. Thread-safe.</summary>
public sealed class DeconvNetOnnxWeights : OnnxWeights
{
    /// <summary>Creates an object for a file from any source.</summary>
    /// <param name="name">Name in error messages.</param>
    /// <param name="open">Opens the file; may be called several times.</param>
    public DeconvNetOnnxWeights(string name, Func<Stream> open)
        : base(name, open)
    {
    }

    /// <summary>Creates a segmenter that owns its model and disposes it.</summary>
    /// <param name="options">The recipe; values left open come from the weights.</param>
    /// <param name="engine">The engine options; <see cref="OnnxEngineOptions.Default"/> if omitted.</param>
    /// <param name="proposals">Finds the regions to score; <see cref="Proposals.Ranking.RankedEdgeBoxes"/> if omitted.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the network is an FCN.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or truncated, or was not written by this library.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime cannot be loaded.</exception>
    public ProposalSegmenter CreateSegmenter(ProposalSegmenterOptions? options = null, OnnxEngineOptions? engine = null, IProposalGenerator? proposals = null) =>
        OnnxScorer.Segmenter(LoadModel(engine), scorer => new ProposalSegmenter(scorer, proposals, options));
}

/// <summary>Trained weights of an FCN as an <c>.onnx</c> file. Thread-safe.</summary>
public sealed class FcnOnnxWeights : OnnxWeights
{
    /// <inheritdoc cref="DeconvNetOnnxWeights(string, Func{Stream})"/>
    public FcnOnnxWeights(string name, Func<Stream> open)
        : base(name, open)
    {
    }

    /// <summary>Creates a segmenter that owns its model and disposes it.</summary>
    /// <param name="options">The recipe; values left open come from the weights.</param>
    /// <param name="engine">The engine options; <see cref="OnnxEngineOptions.Default"/> if omitted.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the network is a DeconvNet.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or truncated, or was not written by this library.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime cannot be loaded.</exception>
    public FcnSegmenter CreateSegmenter(FcnSegmenterOptions? options = null, OnnxEngineOptions? engine = null) =>
        OnnxScorer.Segmenter(LoadModel(engine), scorer => new FcnSegmenter(scorer, options));
}
