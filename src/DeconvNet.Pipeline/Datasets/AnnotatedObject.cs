using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

/// <summary>One object of an image. Immutable.</summary>
/// <param name="ClassId">Class id, at least 1.</param>
/// <param name="Name">The class name.</param>
/// <param name="Box">Where it is, in pixels, half-open and counted from 0; it lies inside the image.</param>
public record AnnotatedObject(int ClassId, string Name, PixelBox Box)
{
    /// <summary>Whether the annotators marked it as hard to recognize; false where the set does not say.</summary>
    public bool Difficult { get; init; }
}
