using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Weights;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Networks;

public sealed partial class DeconvNetModel
{
    /// <summary>
    /// Loads a model from a file of any format: our <c>.safetensors</c>, the authors' <c>.caffemodel</c>, a PyTorch checkpoint, safetensors and
    /// NumPy archives by others. The content tells the format; the network's shape comes from the file, and for files of ours class names and
    /// preprocessing too. <see cref="SegmentationModel.LoadReport"/> says what was taken.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="batchNorm">For a file whose batch norm has scale and shift but no statistics, as a caffemodel: whether it is an inference model or a
    /// training snapshot; the file does not say.</param>
    /// <param name="preprocessing">How pixels become input, for a file that does not say; <see langword="null"/> for
    /// <see cref="Preprocessing.Caffe"/>, or <see cref="Preprocessing.Keras"/> where the layers have the names of the Keras variant.</param>
    /// <returns>The model on the CPU, in evaluation mode (in training mode where <see cref="CaffeBatchNorm.Unfolded"/> counts); the caller disposes it.</returns>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, in another format or for another network; the message lists tensors
    /// that are missing, unexpected or of another shape.</exception>
    /// <exception cref="ArgumentException">A preprocessing is given for a file that says its own.</exception>
    public static DeconvNetModel Load(string path, CaffeBatchNorm batchNorm = CaffeBatchNorm.Folded, Preprocessing? preprocessing = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var file = WeightsFile.Open(path);
        return Load(file, batchNorm, preprocessing);
    }

    /// <summary>Loads a model from a stream, for instance an embedded resource, from its position to its end.</summary>
    /// <param name="stream">The stream; it stays open. One that cannot seek is first copied to a temporary file.</param>
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
