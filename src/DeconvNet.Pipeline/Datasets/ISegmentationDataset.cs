using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

/// <summary>
/// Photos with a class for each pixel: the input of training, evaluation and distillation. Implementations are immutable and thread-safe, and load
/// images on demand.
/// </summary>
/// <remarks>
/// <see cref="DatasetChoosing"/> selects parts of a data set; <see cref="DatasetChecking.Check"/> reads everything once and reports problems.
/// All members with an index throw <see cref="ArgumentOutOfRangeException"/> if it is not 0 … <see cref="Count"/> − 1, <see cref="FileNotFoundException"/> if a
/// file is missing, and <see cref="InvalidDataException"/> if one cannot be read or does not fit the photo; the message names the file.
/// </remarks>
public interface ISegmentationDataset
{
    /// <summary>Name of the data set in reports, for instance that of the image set or folder; possibly empty.</summary>
    string Name { get; }

    /// <summary>Class names by id, at most 255; id 0 is background.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>Display color of each class, by id.</summary>
    IReadOnlyList<Rgb> ClassColors { get; }

    /// <summary>The ids of the images, each once.</summary>
    IReadOnlyList<string> Ids { get; }

    /// <summary>Number of images.</summary>
    int Count { get; }

    /// <summary>Whether any image has a class mask.</summary>
    bool HasLabels { get; }

    /// <summary>Whether any image has annotated objects.</summary>
    bool HasObjects { get; }

    /// <summary>Size of the photo in pixels, after its EXIF orientation is applied.</summary>
    /// <param name="index">0 … <see cref="Count"/> − 1, as everywhere below.</param>
    ImageSize ImageSize(int index);

    /// <summary>The photo.</summary>
    /// <param name="index">Which image.</param>
    RgbImage LoadImage(int index);

    /// <summary>Whether the image has a class mask.</summary>
    /// <param name="index">Which image.</param>
    bool HasLabelsOf(int index);

    /// <summary>The class mask, of the photo's size: the class of each pixel, or <see cref="LabelMap.Void"/> if it is unknown.</summary>
    /// <param name="index">Which image.</param>
    LabelMap LoadLabels(int index);

    /// <summary>
    /// The instance mask, of the photo's size: <c>i + 1</c> for object i of <see cref="LoadObjects"/>, 0 for none, <see cref="LabelMap.Void"/> if it is
    /// unknown. Null if the data set does not separate the objects of a class; an object is then all pixels of its class inside its box.
    /// </summary>
    /// <param name="index">Which image.</param>
    LabelMap? LoadInstances(int index);

    /// <summary>Whether the image has annotated objects.</summary>
    /// <param name="index">Which image.</param>
    bool HasObjectsOf(int index);

    /// <summary>The objects, with boxes inside the photo. A data set with masks but no boxes returns the connected regions of the mask.</summary>
    /// <param name="index">Which image.</param>
    IReadOnlyList<AnnotatedObject> LoadObjects(int index);

    /// <summary>Text that changes when the files of the image change, obtained without reading them; a stopped training resumes only if all are unchanged.</summary>
    /// <param name="index">Which image.</param>
    string Fingerprint(int index);
}
