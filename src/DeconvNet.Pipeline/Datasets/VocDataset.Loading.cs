using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

public sealed partial class VocDataset
{
    /// <summary>Path of the photo.</summary>
    /// <param name="index">0 … <see cref="Count"/> − 1, as everywhere below.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public string ImagePath(int index) => folder.Image(IdAt(index));

    /// <summary>Path of the class mask; the file need not be there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public string LabelsPath(int index) => folder.ClassMask(IdAt(index));

    /// <summary>Whether the image has a class mask.</summary>
    internal bool HasLabelsOf(int index) => File.Exists(LabelsPath(index));

    /// <summary>Whether the image has an annotation.</summary>
    internal bool HasObjectsOf(int index) => File.Exists(folder.Annotation(IdAt(index)));

    /// <summary>Bytes of the photo, the class mask, the instance mask and the annotation; −1 for what is missing.</summary>
    internal IEnumerable<long> FileSizes(int index) =>
        new[] { ImagePath(index), LabelsPath(index), folder.InstanceMask(ids[index]), folder.Annotation(ids[index]) }
            .Select(path => new FileInfo(path) is { Exists: true } file ? file.Length : -1);

    /// <summary>Size of the upright photo, from its file header; no pixels are decoded.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    /// <exception cref="FileNotFoundException">The photo is missing.</exception>
    /// <exception cref="InvalidDataException">It is no image.</exception>
    public ImageSize ImageSize(int index) => RgbImage.ReadSize(Existing(ImagePath(index), index, "The photo"));

    /// <summary>The photo.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    /// <exception cref="FileNotFoundException">The photo is missing.</exception>
    /// <exception cref="InvalidDataException">It cannot be decoded.</exception>
    public RgbImage LoadImage(int index) => RgbImage.Load(Existing(ImagePath(index), index, "The photo"));

    /// <summary>The class mask: 0 … 20 and <see cref="LabelMap.Void"/>, of the photo's size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    /// <exception cref="FileNotFoundException">The mask or the photo is missing.</exception>
    /// <exception cref="InvalidDataException">The mask is no palette or gray PNG, is not of the photo's size, or holds another value.</exception>
    public LabelMap LoadLabels(int index)
    {
        var path = Existing(LabelsPath(index), index, "The class mask");
        var labels = LoadMask(path, index);
        var wrong = labels.Pixels.IndexOfAnyInRange((byte)ClassNames.Count, (byte)(LabelMap.Void - 1));
        if (wrong >= 0)
        {
            throw new InvalidDataException(
                $"{path} holds {labels.Pixels[wrong]} at column {wrong % labels.Width}, row {wrong / labels.Width}; a class mask holds 0 … {ClassNames.Count - 1} and {LabelMap.Void}.");
        }

        return labels;
    }

    /// <summary>The instance mask, of the photo's size; null where <c>SegmentationObject</c> has none of this image.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    /// <exception cref="FileNotFoundException">The photo is missing.</exception>
    /// <exception cref="InvalidDataException">The mask is no palette or gray PNG, or is not of the photo's size.</exception>
    public LabelMap? LoadInstances(int index)
    {
        var path = folder.InstanceMask(IdAt(index));
        return File.Exists(path) ? LoadMask(path, index) : null;
    }

    /// <summary>The annotated objects, their boxes inside the photo.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    /// <exception cref="FileNotFoundException">The annotation or the photo is missing.</exception>
    /// <exception cref="InvalidDataException">The annotation is malformed, states another size than that of the photo, or has a box outside of it.</exception>
    public IReadOnlyList<VocObject> LoadObjects(int index)
    {
        var path = Existing(folder.Annotation(IdAt(index)), index, "The annotation");
        var annotation = VocAnnotation.Load(path);
        var (width, height) = ImageSize(index);
        if ((annotation.Width ?? width) != width || (annotation.Height ?? height) != height)
            throw new InvalidDataException($"{path} states a size of {annotation.Width}×{annotation.Height}; {ImagePath(index)} has {width}×{height}.");

        var bounds = new PixelBox(0, 0, width, height);
        foreach (var thing in annotation.Objects)
        {
            if (thing.Box.Intersect(bounds) != thing.Box)
            {
                throw new InvalidDataException(
                    $"{path}: the {thing.Name} at columns {thing.Box.X0 + 1} … {thing.Box.X1}, rows {thing.Box.Y0 + 1} … {thing.Box.Y1} (counted from 1) leaves the image of {width}×{height}.");
            }
        }

        return annotation.Objects;
    }

    /// <summary>Everything about an image.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    /// <exception cref="FileNotFoundException">The photo is missing; or its mask or annotation, while others of the set have theirs.</exception>
    /// <exception cref="InvalidDataException">A file is malformed or does not fit the photo.</exception>
    public VocSample Load(int index) => new(
        IdAt(index),
        LoadImage(index),
        HasLabels ? LoadLabels(index) : null,
        LoadInstances(index),
        HasObjects ? LoadObjects(index) : []);

    private LabelMap LoadMask(string path, int index)
    {
        var mask = LabelMap.Load(path);
        var (width, height) = ImageSize(index);
        return mask.Width == width && mask.Height == height
            ? mask
            : throw new InvalidDataException($"{path} has {mask.Width}×{mask.Height} pixels; {ImagePath(index)} has {width}×{height}.");
    }

    private string IdAt(int index) => (uint)index < (uint)ids.Length
        ? ids[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"The data set has {ids.Length} images, counted from 0.");

    private string Existing(string path, int index, string what) => File.Exists(path)
        ? path
        : throw new FileNotFoundException($"{what} {path} of '{ids[index]}' is missing.", path);
}
