using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

/// <summary>An object of a <see cref="VocAnnotation"/>. Immutable.</summary>
/// <param name="ClassId">Class id, 1 … 20 (see <see cref="VocClasses.Names"/>).</param>
/// <param name="Name">The class name.</param>
/// <param name="Box">
/// Bounding box in pixels, half-open and 0-based, inside the image.
/// (In the file, boxes are 1-based and include the last pixel.)
/// </param>
public sealed record VocObject(int ClassId, string Name, PixelBox Box) : AnnotatedObject(ClassId, Name, Box)
{
    /// <summary>Whether the object extends beyond its box; false if not stated.</summary>
    public bool Truncated { get; init; }

    /// <summary>Whether the object is partly occluded; false if not stated.</summary>
    public bool Occluded { get; init; }

    /// <summary>The view ("Frontal", "Left", …) as written in the file; null if not stated.</summary>
    public string? Pose { get; init; }
}
