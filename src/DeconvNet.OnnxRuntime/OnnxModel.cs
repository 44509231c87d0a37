using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.OnnxRuntime.Graphs;
using DeconvNet.Weights;
using Microsoft.ML.OnnxRuntime;

namespace DeconvNet.OnnxRuntime;

/// <summary>
/// A network in ONNX Runtime, loaded from an <c>.onnx</c> file written by <see cref="Export(TrainedWeights, string, WeightsInfo)"/>, with its metadata.
/// Thread-safe: segmenters may share one. Disposing it waits for running passes.
/// </summary>
public sealed partial class OnnxModel : IDisposable
{
    private const int AnySide = -1;

    private readonly NetworkSessions sessions;
    private readonly ReaderWriterLockSlim use = new();
    private bool disposed;

    private OnnxModel(NetworkSessions sessions, IReadOnlyDictionary<string, string> metadata, string name)
    {
        this.sessions = sessions;
        Name = name;
        (NetworkOptions, ClassNames, Info) = WeightsMetadata.IsForFcn(metadata)
            ? WeightsMetadata.Read<FcnOptions>(metadata, name)
            : ((INetworkOptions, string[], WeightsInfo))WeightsMetadata.Read<DeconvNetOptions>(metadata, name);
        int side = DeconvNetOptions?.InputSize ?? AnySide;
        Require(sessions.Input, NetworkGraph.Input, [AnySide, 3, side, side]);
        Require(sessions.Output, NetworkGraph.Output, [AnySide, ClassNames.Count, side, side]);
    }

    /// <summary>Name in error messages, such as a file name.</summary>
    public string Name { get; }

    /// <summary>Options of the DeconvNet; <see langword="null"/> for an FCN.</summary>
    public DeconvNetOptions? DeconvNetOptions => NetworkOptions as DeconvNetOptions;

    /// <summary>Options of the FCN; <see langword="null"/> for a DeconvNet.</summary>
    public FcnOptions? FcnOptions => NetworkOptions as FcnOptions;

    /// <summary>Class names by id; id 0 is background.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>How pixels become network input.</summary>
    public Preprocessing Preprocessing => NetworkOptions.Preprocessing;

    /// <summary>Origin, license, metrics and inference settings.</summary>
    public WeightsInfo Info { get; }

    internal INetworkOptions NetworkOptions { get; }

    internal int BatchSizeFor(int count) => sessions.BatchSizeFor(count);

    /// <inheritdoc/>
    public void Dispose()
    {
        use.EnterWriteLock();
        try
        {
            if (!disposed)
                sessions.Dispose();
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
