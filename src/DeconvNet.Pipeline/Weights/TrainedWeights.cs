using DeconvNet.Architecture;

namespace DeconvNet.Weights;

/// <summary>
/// Trained weights with their metadata, stored in the library's safetensors format. The package of an engine adds
/// <c>CreateSegmenter</c> and <c>LoadModel</c>. Thread-safe.
/// </summary>
public abstract class TrainedWeights
{
    private readonly Func<Stream> open;
    private readonly Lazy<WeightsContents> contents;

    private protected TrainedWeights(string name, Func<Stream> open)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(open);
        Name = name;
        this.open = open;
        contents = new(() =>
        {
            using var stream = OpenRead();
            return WeightsContents.Read(stream, Name);
        });
    }

    /// <summary>Name of the weights in error messages, such as a file name.</summary>
    public string Name { get; }

    /// <summary>The contents according to the header: tensors, network, classes, origin. Read lazily and cached.</summary>
    /// <exception cref="InvalidDataException">The weights are damaged.</exception>
    public WeightsContents Contents => contents.Value;

    /// <summary>Origin, license, metrics and inference settings.</summary>
    /// <exception cref="InvalidDataException">The weights are damaged.</exception>
    public WeightsInfo Info => Contents.Info;

    /// <summary>Opens the weights as a stream, which the caller disposes.</summary>
    public Stream OpenRead() => open();
}

/// <summary>Trained weights of a DeconvNet. Thread-safe.</summary>
public sealed class DeconvNetWeights : TrainedWeights
{
    /// <summary>Creates an object for weights from any source, for instance an embedded resource.</summary>
    /// <param name="name">Name in error messages.</param>
    /// <param name="open">Opens the weights; may be called several times.</param>
    public DeconvNetWeights(string name, Func<Stream> open)
        : base(name, open)
    {
    }

    /// <summary>The network.</summary>
    /// <exception cref="InvalidDataException">The weights are damaged, or for a different kind of network.</exception>
    public DeconvNetOptions Options => Contents.DeconvNetOptions ?? throw new InvalidDataException($"{Name}: the weights are not those of a DeconvNet. {Contents.Refusal}");
}

/// <summary>Trained weights of an FCN. Thread-safe.</summary>
public sealed class FcnWeights : TrainedWeights
{
    /// <inheritdoc cref="DeconvNetWeights(string, Func{Stream})"/>
    public FcnWeights(string name, Func<Stream> open)
        : base(name, open)
    {
    }

    /// <summary>The network.</summary>
    /// <exception cref="InvalidDataException">The weights are damaged, or for a different kind of network.</exception>
    public FcnOptions Options => Contents.FcnOptions ?? throw new InvalidDataException($"{Name}: the weights are not those of an FCN. {Contents.Refusal}");
}
