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

    /// <summary>Name of the weights in error messages, such as a file name.</summary>
    public string Name { get; }

    /// <summary>Opens the bytes; the caller disposes the stream.</summary>
    public Stream OpenRead() => open();

    /// <summary>Makes a model, which knows its classes, origin and figures; the caller disposes it.</summary>
    /// <param name="engine">How it runs; <see cref="OnnxEngineOptions.Default"/> if omitted.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="InvalidDataException">The bytes are damaged or truncated, or another program wrote them.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime does not run here.</exception>
    public OnnxModel LoadModel(OnnxEngineOptions? engine = null)
    {
        using var stream = OpenRead();
        return OnnxModel.Load(stream, Name, engine);
    }

    /// <summary>Makes a segmenter that owns a new model.</summary>
    private protected T CreateSegmenter<T>(OnnxEngineOptions? engine, Func<OnnxScorer, T> create)
    {
        var model = LoadModel(engine);
        try
        {
            return create(new OnnxScorer(model) { OwnsModel = true });
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}

/// <summary>A DeconvNet as the bytes of an <c>.onnx</c> file. Thread-safe.</summary>
public sealed class DeconvNetOnnxWeights : OnnxWeights
{
    /// <summary>Describes a file that lies anywhere.</summary>
    /// <param name="name">Name in error messages.</param>
    /// <param name="open">Opens it, as often as asked.</param>
    public DeconvNetOnnxWeights(string name, Func<Stream> open)
        : base(name, open)
    {
    }

    /// <summary>Creates a segmenter that owns its model and disposes it.</summary>
    /// <param name="options">The recipe; values left open come from the weights.</param>
    /// <param name="engine">How the network runs; <see cref="OnnxEngineOptions.Default"/> if omitted.</param>
    /// <param name="proposals">Finds the regions to look at; <see cref="Proposals.Ranking.RankedEdgeBoxes"/> if omitted.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the network is an FCN.</exception>
    /// <exception cref="InvalidDataException">The bytes are damaged or truncated, or another program wrote them.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime does not run here.</exception>
    public ProposalSegmenter CreateSegmenter(ProposalSegmenterOptions? options = null, OnnxEngineOptions? engine = null, IProposalGenerator? proposals = null) =>
        CreateSegmenter(engine, scorer => new ProposalSegmenter(scorer, proposals, options));
}

/// <summary>An FCN as the bytes of an <c>.onnx</c> file. Thread-safe.</summary>
public sealed class FcnOnnxWeights : OnnxWeights
{
    /// <inheritdoc cref="DeconvNetOnnxWeights(string, Func{Stream})"/>
    public FcnOnnxWeights(string name, Func<Stream> open)
        : base(name, open)
    {
    }

    /// <summary>Creates a segmenter that owns its model and disposes it.</summary>
    /// <param name="options">The recipe; values left open come from the weights.</param>
    /// <param name="engine">How the network runs; <see cref="OnnxEngineOptions.Default"/> if omitted.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the network is a DeconvNet.</exception>
    /// <exception cref="InvalidDataException">The bytes are damaged or truncated, or another program wrote them.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime does not run here.</exception>
    public FcnSegmenter CreateSegmenter(FcnSegmenterOptions? options = null, OnnxEngineOptions? engine = null) =>
        CreateSegmenter(engine, scorer => new FcnSegmenter(scorer, options));
}
