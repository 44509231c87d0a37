using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

/// <summary>
/// Photos with a class for each of their pixels: what training, evaluation and distillation read. Implementations are immutable and thread-safe, and read
/// nothing but lists before it is asked for.
/// </summary>
/// <remarks>
/// Parts are chosen with the extensions of <see cref="DatasetChoosing"/>; <see cref="DatasetChecking.Check"/> reads everything once and names what is wrong.
/// All members with an index throw <see cref="ArgumentOutOfRangeException"/> where it is not 0 … <see cref="Count"/> − 1, <see cref="FileNotFoundException"/> where a
/// file is missing, and <see cref="InvalidDataException"/> where one cannot be read or does not fit the photo; the message names the file.
/// </remarks>
public interface ISegmentationDataset
{
    /// <summary>What reports call the set, for instance the image set's or the folder's name; possibly empty.</summary>
    string Name { get; }

    /// <summary>Class names by id, at most 255; index 0 is background.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>The color in which each class is shown, in the order of <see cref="ClassNames"/>.</summary>
    IReadOnlyList<Rgb> ClassColors { get; }

    /// <summary>The ids of the images, each once.</summary>
    IReadOnlyList<string> Ids { get; }

    /// <summary>Number of images.</summary>
    int Count { get; }

    /// <summary>Whether any of the images has a class mask.</summary>
    bool HasLabels { get; }

    /// <summary>Whether the objects of any of the images are known.</summary>
    bool HasObjects { get; }

    /// <summary>Size of the upright photo.</summary>
    /// <param name="index">0 … <see cref="Count"/> − 1, as everywhere below.</param>
    ImageSize ImageSize(int index);

    /// <summary>The photo.</summary>
    /// <param name="index">Which image.</param>
    RgbImage LoadImage(int index);

    /// <summary>Whether the image has a class mask.</summary>
    /// <param name="index">Which image.</param>
    bool HasLabelsOf(int index);

    /// <summary>The class of each pixel, <see cref="LabelMap.Void"/> where it is not known, of the photo's size.</summary>
    /// <param name="index">Which image.</param>
    LabelMap LoadLabels(int index);

    /// <summary>
    /// The object of each pixel, of the photo's size: <c>i + 1</c> for object i of <see cref="LoadObjects"/>, 0 where there is none, <see cref="LabelMap.Void"/> where it is
    /// not known. Null where the set does not tell the objects of a class apart; an object is then what has its class inside its box.
    /// </summary>
    /// <param name="index">Which image.</param>
    LabelMap? LoadInstances(int index);

    /// <summary>Whether the objects of the image are known.</summary>
    /// <param name="index">Which image.</param>
    bool HasObjectsOf(int index);

    /// <summary>The objects, their boxes inside the photo. A set that has masks and no boxes gives the connected regions of the mask.</summary>
    /// <param name="index">Which image.</param>
    IReadOnlyList<AnnotatedObject> LoadObjects(int index);

    /// <summary>A text that changes when the files of the image change, without reading them; a stopped training goes on only where all are as they were.</summary>
    /// <param name="index">Which image.</param>
    string Fingerprint(int index);
}
