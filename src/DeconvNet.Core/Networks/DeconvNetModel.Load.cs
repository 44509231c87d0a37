using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Weights;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Networks;

public sealed partial class DeconvNetModel
{
    /// <summary>
    /// Loads a model from a file in any supported format: the library's own <c>.safetensors</c>, the authors' <c>.caffemodel</c>, PyTorch checkpoints, other safetensors files and
    /// NumPy archives. The format is detected from the content, and the shape of the network is taken from the file; the library's own files also contain class names and
    /// preprocessing. <see cref="SegmentationModel.LoadReport"/> lists what was loaded.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="batchNorm">For a file whose batch norm has scale and shift but no statistics, like a caffemodel: whether it is an inference model or a
    /// training snapshot, which the file does not state.</param>
    /// <param name="preprocessing">How pixels become network input, for a file that does not state it; <see langword="null"/> for
    /// <see cref="Preprocessing.Caffe"/>, or <see cref="Preprocessing.Keras"/> if the layers are named as in the Keras variant.</param>
    /// <returns>The model on the CPU, in evaluation mode (in training mode if <see cref="CaffeBatchNorm.Unfolded"/> applies); the caller disposes it.</returns>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, in an unknown format or for a different network; the message lists
    /// missing, unexpected and mismatched tensors.</exception>
    /// <exception cref="ArgumentException">A preprocessing is given for a file that states its own.</exception>
    public static DeconvNetModel Load(string path, CaffeBatchNorm batchNorm = CaffeBatchNorm.Folded, Preprocessing? preprocessing = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var file = WeightsFile.Open(path);
        return Load(file, batchNorm, preprocessing);
    }

    /// <summary>Loads a model from a stream, for instance an embedded resource, from its current position to its end.</summary>
    /// <param name="stream">The stream; it is left open. If it cannot seek, it is first copied to a temporary file.</param>
    /// <param name="name">Name in error messages.</param>
    /// <param name="batchNorm">As for a path.</param>
    /// <param name="preprocessing">As for a path.</param>
    /// <returns>As for a path.</returns>
    /// <exception cref="InvalidDataException">As for a path.</exception>
    /// <exception cref="ArgumentException">As for a path.</exception>
    public static DeconvNetModel Load(Stream stream, string name, CaffeBatchNorm batchNorm = CaffeBatchNorm.Folded, Preprocessing? preprocessing = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        using var file = WeightsFile.Open(stream, name, leaveOpen: true);
        return Load(file, batchNorm, preprocessing);
    }

    private static DeconvNetModel Load(WeightsFile file, CaffeBatchNorm batchNorm, Preprocessing? preprocessing)
    {
        if (!Enum.IsDefined(batchNorm))
            throw new ArgumentOutOfRangeException(nameof(batchNorm), batchNorm, "Expected Folded or Unfolded.");
        var weights = NetworkWeights.OpenDeconvNet(file, batchNorm, preprocessing);
        return Filled(weights, () => new DeconvNetModel((DeconvNetOptions)weights.Options, weights.ClassNames, LayerTable.Create, isEmpty: true));
    }
}
