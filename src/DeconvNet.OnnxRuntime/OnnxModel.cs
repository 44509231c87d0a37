using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.OnnxRuntime.Graphs;
using DeconvNet.Weights;
using Microsoft.ML.OnnxRuntime;

namespace DeconvNet.OnnxRuntime;

/// <summary>
/// A network in ONNX Runtime, loaded from an <c>.onnx</c> file that <see cref="Export(TrainedWeights, string, WeightsInfo)"/> wrote, with all that the file says of its use.
/// Thread-safe: segmenters may share one. Disposing it waits for the passes that run.
/// </summary>
public sealed partial class OnnxModel : IDisposable
{
    private const int AnySide = -1;

    private readonly InferenceSession session;
    private readonly ReaderWriterLockSlim use = new();
    private bool disposed;

    private OnnxModel(InferenceSession session, IReadOnlyDictionary<string, string> metadata, string name)
    {
        this.session = session;
        Name = name;
        (NetworkOptions, ClassNames, Info) = WeightsMetadata.IsForFcn(metadata)
            ? WeightsMetadata.Read<FcnOptions>(metadata, name)
            : ((INetworkOptions, string[], WeightsInfo))WeightsMetadata.Read<DeconvNetOptions>(metadata, name);
        int side = DeconvNetOptions?.InputSize ?? AnySide;
        Require(session.InputMetadata, NetworkGraph.Input, [AnySide, 3, side, side]);
        Require(session.OutputMetadata, NetworkGraph.Output, [AnySide, ClassNames.Count, side, side]);
    }

    /// <summary>What error messages call it, such as a file name.</summary>
    public string Name { get; }

    /// <summary>The DeconvNet that it is; <see langword="null"/> for an FCN.</summary>
    public DeconvNetOptions? DeconvNetOptions => NetworkOptions as DeconvNetOptions;

    /// <summary>The FCN that it is; <see langword="null"/> for a DeconvNet.</summary>
    public FcnOptions? FcnOptions => NetworkOptions as FcnOptions;

    /// <summary>Class names by id; index 0 is background.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>How pixels become input.</summary>
    public Preprocessing Preprocessing => NetworkOptions.Preprocessing;

    /// <summary>Origin, license, measured figures and how to use the weights.</summary>
    public WeightsInfo Info { get; }

    internal INetworkOptions NetworkOptions { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        use.EnterWriteLock();
        try
        {
            if (!disposed)
                session.Dispose();
            disposed = true;
        }
        finally
        {
            use.ExitWriteLock();
        }
    }

    private void Require(IReadOnlyDictionary<string, NodeMetadata> found, string tensor, int[] shape)
    {
        if (found.Count != 1 || !found.TryGetValue(tensor, out var value) || value.ElementType != typeof(float) || !value.Dimensions.SequenceEqual(shape))
            throw new InvalidDataException($"{Name}: the graph is not that of the network that the file names; expected one tensor '{tensor}' of shape [{string.Join(", ", shape)}].");
    }
}
