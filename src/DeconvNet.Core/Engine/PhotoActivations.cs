using DeconvNet.Imaging;
using DeconvNet.Networks;
using static TorchSharp.torch;

namespace DeconvNet.Engine;

/// <summary>Activations of a network for a photo.</summary>
public static class PhotoActivations
{
    /// <summary>Runs the network on a photo and returns the activations of its layers; see <see cref="SegmentationModel.Observe(Tensor, IReadOnlyCollection{string})"/>.</summary>
    /// <param name="model">The network; it runs on its current device.</param>
    /// <param name="photo">
    /// The photo, or a crop of one. For a network with a fixed input size it is resized and padded with black to a square, as segmenters do with crops; otherwise it is used unchanged.
    /// </param>
    /// <param name="layers">Names of layers, such as <c>pool5</c> or <c>deconv3_1</c>; all if none are given.</param>
    /// <returns>The outputs by layer name, <c>[1, C, H, W]</c>, in order of computation; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">A layer does not exist.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public static Activations Observe(this SegmentationModel model, RgbImage photo, params IReadOnlyCollection<string> layers)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(photo);
        var size = model.FixedInputSize is { } side ? new ImageSize(side, side) : photo.Size;
        var planes = new float[checked(3 * size.Width * size.Height)];
        if (model.FixedInputSize is null)
            model.Preprocessing.Apply(photo.Pixels, planes);
        else
            CropCutting.Cut(photo, photo.Bounds.ToSquare(1), model.Preprocessing, size.Width, planes, antialias: true);

        using var input = tensor(planes, [1, 3, size.Height, size.Width], device: model.parameters().First().device);
        return model.Observe(input, layers);
    }
}
