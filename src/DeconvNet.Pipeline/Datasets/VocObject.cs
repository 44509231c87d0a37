using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

/// <summary>One object of a <see cref="VocAnnotation"/>. Immutable.</summary>
/// <param name="ClassId">Class id, 1 … 20 (see <see cref="VocClasses.Names"/>).</param>
/// <param name="Name">The class name.</param>
/// <param name="Box">
/// Where it is, in pixels, half-open and counted from 0; it lies inside the image.
/// The file's box is counted from 1 and includes its last pixel.
/// </param>
public sealed record VocObject(int ClassId, string Name, PixelBox Box) : AnnotatedObject(ClassId, Name, Box)
{
    /// <summary>Whether the box does not cover the whole object; false where the file does not say.</summary>
    public bool Truncated { get; init; }

    /// <summary>Whether something covers a part of it; false where the file does not say.</summary>
    public bool Occluded { get; init; }

    /// <summary>The view ("Frontal", "Left", …) as the file has it; null where the file does not say.</summary>
    public string? Pose { get; init; }
}
