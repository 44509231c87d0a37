using System.Text.Json;
using DeconvNet.Datasets.Coco;
using DeconvNet.Imaging;
using DeconvNet.Imaging.Masks;

namespace DeconvNet.Datasets;

public sealed partial class CocoDataset
{
    /// <summary>Path of the photo.</summary>
    /// <param name="index">0 … <see cref="Count"/> − 1, as everywhere below.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public string ImagePath(int index) => Path.Combine(imageFolder, At(index).FileName);

    /// <summary>Size of the photo, as stated in the annotations.</summary>
    /// <param name="index">Which image.</param>
    public ImageSize ImageSize(int index) => At(index).Size;

    /// <inheritdoc/>
    public RgbImage LoadImage(int index)
    {
        var path = ImagePath(index);
        if (!File.Exists(path))
            throw new FileNotFoundException($"The photo {path} of '{Ids[index]}' is missing.", path);
        var photo = RgbImage.Load(path);
        return photo.Size == ImageSize(index)
            ? photo
            : throw new InvalidDataException($"{path} has {photo.Size} pixels; {annotations} states {ImageSize(index)}.");
    }

    /// <inheritdoc/>
    public bool HasLabelsOf(int index) => At(index) is not null && HasLabels;

    /// <inheritdoc/>
    public LabelMap LoadLabels(int index)
    {
        var image = Labeled(index);
        var labels = new byte[image.Size.Width * image.Size.Height];
        Paint(image, [.. image.Annotations.Where(each => each.IsCrowd && classOf.ContainsKey(each.Category)).Select(each => (each, LabelMap.Void))], labels);
        Paint(image, [.. Objects(image).Select(each => (each, classOf[each.Category]))], labels);
        return new LabelMap(image.Size.Width, image.Size.Height, labels);
    }

    /// <summary>The object of each pixel; null if there are more than 254.</summary>
    /// <param name="index">Which image.</param>
    public LabelMap? LoadInstances(int index)
    {
        var image = At(index);
        CocoAnnotation[] objects = [.. Objects(image)];
        if (!HasLabels || objects.Length >= LabelMap.Void)
            return null;
        var numbers = new byte[image.Size.Width * image.Size.Height];
        Paint(image, [.. objects.Select((each, i) => (each, (byte)(i + 1)))], numbers);
        return new LabelMap(image.Size.Width, image.Size.Height, numbers);
    }

    /// <inheritdoc/>
    public bool HasObjectsOf(int index) => HasLabelsOf(index);

    /// <summary>The objects of the classes, without crowds, in file order.</summary>
    /// <param name="index">Which image.</param>
    public IReadOnlyList<AnnotatedObject> LoadObjects(int index)
    {
        var image = Labeled(index);
        return [.. Objects(image).Select(each => new AnnotatedObject(classOf[each.Category], ClassNames[classOf[each.Category]], Inside(each, image)))];
    }

    /// <inheritdoc/>
    public string Fingerprint(int index) => $"{DatasetFiles.Sizes(ImagePath(index))} {fingerprint}";

    private static PixelBox Inside(CocoAnnotation annotation, CocoImage image) => annotation.Box.Intersect(new PixelBox(0, 0, image.Size.Width, image.Size.Height));

    private IEnumerable<CocoAnnotation> Objects(CocoImage image) =>
        image.Annotations.Where(each => !each.IsCrowd && classOf.ContainsKey(each.Category) && !Inside(each, image).IsEmpty);

    private void Paint(CocoImage image, IReadOnlyList<(CocoAnnotation Annotation, byte Value)> painted, byte[] canvas)
    {
        if (painted.Count == 0)
            return;
        using var file = InputFile.Open(annotations, "COCO annotations");
        foreach (var (annotation, value) in painted.OrderByDescending(entry => entry.Annotation.Area))
        {
            var text = new byte[annotation.Length];
            file.Position = annotation.Start;
            var mask = Read();
            for (var i = 0; i < canvas.Length; i++)
            {
                if (mask.Pixels[i])
                    canvas[i] = value;
            }

            BinaryMask Read()
            {
                try
                {
                    file.ReadExactly(text);
                    return CocoOutline.Read(text, image.Size);
                }
                catch (Exception error) when (error is FormatException or JsonException or EndOfStreamException)
                {
                    throw new InvalidDataException($"{annotations}, byte {annotation.Start}, an annotation of {image.FileName}: {error.Message}.", error);
                }
            }
        }
    }

    private CocoImage Labeled(int index) => HasLabelsOf(index)
        ? images[index]
        : throw new FileNotFoundException($"{annotations} has no annotations of '{Ids[index]}'.", annotations);

    private CocoImage At(int index) => (uint)index < (uint)images.Length
        ? images[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"The data set has {images.Length} images, counted from 0.");
}
