using DeconvNet.Proposals;
using DeconvNet.Segmentation;

namespace DeconvNet.OnnxRuntime;

/// <summary>A network as the bytes of an <c>.onnx</c> file that lies anywhere, for instance in a resource, compressed by gzip or not. Thread-safe.</summary>
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

    /// <summary>What error messages call the weights, such as a file name.</summary>
    public string Name { get; }

    /// <summary>Opens the bytes; the caller disposes the stream.</summary>
    public Stream OpenRead() => open();

    /// <summary>Makes a model, which knows its classes, origin and figures; the caller disposes it.</summary>
    /// <param name="engine">How it runs; <see cref="OnnxEngineOptions.Default"/> if omitted.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="InvalidDataException">The bytes are damaged or truncated, or another program wrote them.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime does not run here.</exception>
    public OnnxModel LoadModel(OnnxEngineOptions? engine = null)
    {
        using var stream = OpenRead();
        return OnnxModel.Load(stream, Name, engine);
    }
}

/// <summary>A DeconvNet as the bytes of an <c>.onnx</c> file. Thread-safe.</summary>
public sealed class DeconvNetOnnxWeights : OnnxWeights
{
    /// <summary>Describes a file that lies anywhere.</summary>
    /// <param name="name">What error messages call it.</param>
    /// <param name="open">Opens it, as often as asked.</param>
    public DeconvNetOnnxWeights(string name, Func<Stream> open)
        : base(name, open)
    {
    }

    /// <summary>Makes a segmenter that owns its model: disposing the segmenter frees everything.</summary>
    /// <param name="options">The recipe; what it leaves open, the weights say.</param>
    /// <param name="engine">How the network runs; <see cref="OnnxEngineOptions.Default"/> if omitted.</param>
    /// <param name="proposals">Finds the regions to look at; <see cref="Proposals.Ranking.RankedEdgeBoxes"/> if omitted.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the network is an FCN.</exception>
    /// <exception cref="InvalidDataException">The bytes are damaged or truncated, or another program wrote them.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime does not run here.</exception>
    public ProposalSegmenter CreateSegmenter(ProposalSegmenterOptions? options = null, OnnxEngineOptions? engine = null, IProposalGenerator? proposals = null) =>
        OnnxScorer.Segmenter(LoadModel(engine), scorer => new ProposalSegmenter(scorer, proposals, options));
}

/// <summary>An FCN as the bytes of an <c>.onnx</c> file. Thread-safe.</summary>
public sealed class FcnOnnxWeights : OnnxWeights
{
    /// <inheritdoc cref="DeconvNetOnnxWeights(string, Func{Stream})"/>
    public FcnOnnxWeights(string name, Func<Stream> open)
        : base(name, open)
    {
    }

    /// <summary>Makes a segmenter that owns its model: disposing the segmenter frees everything.</summary>
    /// <param name="options">The recipe; what it leaves open, the weights say.</param>
    /// <param name="engine">How the network runs; <see cref="OnnxEngineOptions.Default"/> if omitted.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the network is a DeconvNet.</exception>
    /// <exception cref="InvalidDataException">The bytes are damaged or truncated, or another program wrote them.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime does not run here.</exception>
    public FcnSegmenter CreateSegmenter(FcnSegmenterOptions? options = null, OnnxEngineOptions? engine = null) =>
        OnnxScorer.Segmenter(LoadModel(engine), scorer => new FcnSegmenter(scorer, options));
}
