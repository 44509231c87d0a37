using DeconvNet.Architecture;

namespace DeconvNet.Weights;

/// <summary>
/// Trained weights as an object: what they are, where they come from, and their bytes in the library's safetensors format. An engine's package adds
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

    /// <summary>Everything that the headers tell: tensors, network, classes, origin. Read once, when it is first asked for.</summary>
    /// <exception cref="InvalidDataException">The weights are damaged.</exception>
    public WeightsContents Contents => contents.Value;

    /// <summary>Origin, license, measured figures and how to use the weights.</summary>
    /// <exception cref="InvalidDataException">The weights are damaged.</exception>
    public WeightsInfo Info => Contents.Info;

    /// <summary>Opens the bytes; the caller disposes the stream.</summary>
    public Stream OpenRead() => open();
}

/// <summary>Trained weights of a DeconvNet. Thread-safe.</summary>
public sealed class DeconvNetWeights : TrainedWeights
{
    /// <summary>Describes weights that lie anywhere, for instance in a resource.</summary>
    /// <param name="name">Name in error messages.</param>
    /// <param name="open">Opens them, as often as asked.</param>
    public DeconvNetWeights(string name, Func<Stream> open)
        : base(name, open)
    {
    }

    /// <summary>The network.</summary>
    /// <exception cref="InvalidDataException">The weights are damaged, or for another network.</exception>
    public DeconvNetOptions Options => Contents.Options ?? throw new InvalidDataException($"{Name}: the weights are not those of a DeconvNet. {Contents.Refusal}");
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
    /// <exception cref="InvalidDataException">The weights are damaged, or for another network.</exception>
    public FcnOptions Options => Contents.FcnOptions ?? throw new InvalidDataException($"{Name}: the weights are not those of an FCN. {Contents.Refusal}");
}
