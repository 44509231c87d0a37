using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

public sealed partial class VocDataset
{
    /// <summary>Path of the photo.</summary>
    /// <param name="index">0 … <see cref="Count"/> − 1, as everywhere below.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public string ImagePath(int index) => folder.Image(IdAt(index));

    /// <summary>Path of the class mask, which need not exist.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public string LabelsPath(int index) => folder.ClassMask(IdAt(index));

    /// <summary>Whether the image has a class mask.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public bool HasLabelsOf(int index) => File.Exists(LabelsPath(index));

    /// <summary>Whether the image has an annotation; in a data set without annotations, whether it has a class mask.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public bool HasObjectsOf(int index) => File.Exists(folder.Annotation(IdAt(index))) || (!hasAnnotations.Value && HasLabelsOf(index));

    /// <summary>Sizes in bytes of photo, class mask, instance mask and annotation; −1 for a missing file.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public string Fingerprint(int index) =>
        DatasetFiles.Sizes(ImagePath(index), LabelsPath(index), folder.InstanceMask(ids[index]), folder.Annotation(ids[index]));

    /// <summary>Size of the photo, from its file header and with its EXIF orientation applied; no pixels are decoded.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    /// <exception cref="FileNotFoundException">The photo is missing.</exception>
    /// <exception cref="InvalidDataException">It is not an image.</exception>
    public ImageSize ImageSize(int index) => RgbImage.ReadSize(Existing(ImagePath(index), index, "The photo"));

    /// <summary>The photo.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    /// <exception cref="FileNotFoundException">The photo is missing.</exception>
    /// <exception cref="InvalidDataException">It cannot be decoded.</exception>
    public RgbImage LoadImage(int index) => RgbImage.Load(Existing(ImagePath(index), index, "The photo"));

    /// <summary>The class mask: 0 … 20 and <see cref="LabelMap.Void"/>, of the photo's size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    /// <exception cref="FileNotFoundException">The mask or the photo is missing.</exception>
    /// <exception cref="InvalidDataException">The mask is not a palette or gray PNG, does not have the photo's size, or holds any other value.</exception>
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

    /// <summary>The instance mask, of the photo's size; null if <c>SegmentationObject</c> has none for this image.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    /// <exception cref="FileNotFoundException">The photo is missing.</exception>
    /// <exception cref="InvalidDataException">The mask is not a palette or gray PNG, or does not have the photo's size.</exception>
    public LabelMap? LoadInstances(int index)
    {
        var path = folder.InstanceMask(IdAt(index));
        return File.Exists(path) ? LoadMask(path, index) : null;
    }

    /// <summary>The annotated objects, with boxes inside the photo; in a data set without annotations, the objects of the masks.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    /// <exception cref="FileNotFoundException">The annotation or the photo is missing.</exception>
    /// <exception cref="InvalidDataException">The annotation is malformed, states a size that is not the photo's, or has a box outside the photo.</exception>
    public IReadOnlyList<AnnotatedObject> LoadObjects(int index)
    {
        if (!hasAnnotations.Value && HasLabelsOf(index))
        {
            var labels = LoadLabels(index);
            return LoadInstances(index) is { } instances
                ? MaskObjects.OfInstances(labels, instances, ClassNames, folder.InstanceMask(ids[index]))
                : MaskObjects.OfRegions(labels, ClassNames);
        }

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
