using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

/// <summary>An annotated object in an image. Immutable.</summary>
/// <param name="ClassId">Class id, at least 1.</param>
/// <param name="Name">The class name.</param>
/// <param name="Box">Bounding box in pixels, half-open and 0-based, inside the image.</param>
public record AnnotatedObject(int ClassId, string Name, PixelBox Box)
{
    /// <summary>Whether the annotators marked it as difficult to recognize; false if the data set does not say.</summary>
    public bool Difficult { get; init; }
}
