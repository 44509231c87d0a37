using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Weights;
using Microsoft.ML.OnnxRuntime;

namespace DeconvNet.OnnxRuntime;

/// <summary>
/// A network that ONNX Runtime has loaded from an <c>.onnx</c> file of <see cref="Export(TrainedWeights, string)"/>, with what the file says of its use. Thread-safe: segmenters may
/// share one. Dispose it when no segmenter uses it any more; a pass that runs is waited for.
/// </summary>
public sealed partial class OnnxModel : IDisposable
{
    private readonly InferenceSession session;
    private readonly ReaderWriterLockSlim use = new();
    private bool disposed;

    private OnnxModel(InferenceSession session, string name)
    {
        this.session = session;
        Name = name;
        var metadata = session.ModelMetadata.CustomMetadataMap;
        (NetworkOptions, ClassNames, Info) = WeightsMetadata.IsForFcn(metadata)
            ? WeightsMetadata.Read<FcnOptions>(metadata, name)
            : ((INetworkOptions, string[], WeightsInfo))WeightsMetadata.Read<DeconvNetOptions>(metadata, name);
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
}
