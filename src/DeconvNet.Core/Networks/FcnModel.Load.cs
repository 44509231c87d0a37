using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Weights;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Networks;

public sealed partial class FcnModel
{
    /// <summary>
    /// Loads a model from a file in any supported format: the library's own <c>.safetensors</c>, the authors' <c>.caffemodel</c> with the layer names of <c>voc-fcn8s</c> or the older
    /// <c>fcn-8s-pascal</c>, or a PyTorch checkpoint with these names. The format is detected from the content; the library's own files also contain class names and preprocessing.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="preprocessing">How pixels become network input, for a file that does not state it; <see langword="null"/> for <see cref="Preprocessing.Caffe"/>.</param>
    /// <returns>The model on the CPU, in evaluation mode; the caller disposes it.</returns>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, in an unknown format or for a different network; the message lists
    /// missing, unexpected and mismatched tensors.</exception>
    /// <exception cref="ArgumentException">A preprocessing is given for a file that states its own.</exception>
    public static FcnModel Load(string path, Preprocessing? preprocessing = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var file = WeightsFile.Open(path);
        return Load(file, preprocessing);
    }

    /// <summary>Loads a model from a stream, for instance an embedded resource, from its current position to its end.</summary>
    /// <param name="stream">The stream; it is left open. If it cannot seek, it is first copied to a temporary file.</param>
    /// <param name="name">Name in error messages.</param>
    /// <param name="preprocessing">As for a path.</param>
    /// <returns>As for a path.</returns>
    /// <exception cref="InvalidDataException">As for a path.</exception>
    /// <exception cref="ArgumentException">As for a path.</exception>
    public static FcnModel Load(Stream stream, string name, Preprocessing? preprocessing = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        using var file = WeightsFile.Open(stream, name, leaveOpen: true);
        return Load(file, preprocessing);
    }

    private static FcnModel Load(WeightsFile file, Preprocessing? preprocessing)
    {
        var weights = NetworkWeights.OpenFcn(file, preprocessing);
        return Filled(weights, () => new FcnModel((FcnOptions)weights.Options, weights.ClassNames, isEmpty: true));
    }
}
