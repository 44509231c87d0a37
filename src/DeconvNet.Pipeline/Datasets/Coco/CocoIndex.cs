using System.Text.Json;
using DeconvNet.Imaging;

namespace DeconvNet.Datasets.Coco;

/// <summary>An image of a COCO file.</summary>
/// <param name="FileName">Its file, from the folder of photos.</param>
/// <param name="Size">Its size.</param>
internal sealed record CocoImage(string FileName, ImageSize Size)
{
    public List<CocoAnnotation> Annotations { get; } = [];
}

/// <summary>
/// The images, categories and places of the annotations of a COCO file. The outlines, which are nearly all of it, stay in the file: memory is 50 bytes an annotation.
/// </summary>
internal sealed class CocoIndex
{
    private const int ProgressEvery = 1000;

    // Its outline is read into memory as a whole. The longest of COCO have some ten thousand.
    private const int MaxAnnotation = 1 << 24;

    private readonly string path;
    private readonly Dictionary<long, CocoImage> byId = [];
    private readonly List<(long Image, CocoAnnotation Annotation)> annotations = [];
    private readonly Dictionary<int, string> categories = [];

    private CocoIndex(string path) => this.path = path;

    /// <summary>The images in the file's order.</summary>
    public IReadOnlyList<CocoImage> Images => [.. byId.Values];

    /// <summary>Category names by id, in the order of the ids.</summary>
    public SortedDictionary<int, string> Categories => new(categories);

    /// <summary>Whether the file has a list of annotations, be it empty.</summary>
    public bool HasAnnotations { get; private set; }

    /// <exception cref="InvalidDataException">The file is no COCO file; the message names place and member.</exception>
    public static CocoIndex Read(string path, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        using var stream = InputFile.Open(path, "COCO annotations");
        var (index, json) = (new CocoIndex(path), new JsonStream(stream));
        try
        {
            if (!json.Read() || json.Type != JsonTokenType.StartObject)
                throw index.Fault(json, "the file is no JSON object");
            while (json.Read() && json.Type == JsonTokenType.PropertyName)
            {
                var name = json.Text("a name");
                json.Read();
                Action<JsonStream>? read = name switch { "images" => index.ReadImage, "annotations" => index.ReadAnnotation, "categories" => index.ReadCategory, _ => null };
                if (read is null)
                {
                    json.Skip();
                    continue;
                }

                index.HasAnnotations |= name == "annotations";
                index.ReadList(json, name, read, () => progress?.Report(new WorkProgress((int)(json.End >> 10), (int)(stream.Length >> 10))), cancellationToken);
            }
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            throw new InvalidDataException($"{path}, byte {json.End}: {error.Message}; expected COCO's JSON with images, annotations and categories.", error);
        }

        index.Join();
        progress?.Report(new WorkProgress(1, 1));
        return index;
    }

    private void ReadList(JsonStream json, string name, Action<JsonStream> read, Action report, CancellationToken cancellationToken)
    {
        if (json.Type != JsonTokenType.StartArray)
            throw Fault(json, $"'{name}' is no list");
        for (var done = 0; json.Read() && json.Type != JsonTokenType.EndArray; done++)
        {
            if (json.Type != JsonTokenType.StartObject)
                throw Fault(json, $"an entry of '{name}' is no object");
            read(json);
            if (done % ProgressEvery != 0)
                continue;
            cancellationToken.ThrowIfCancellationRequested();
            report();
        }
    }

    private void ReadImage(JsonStream json)
    {
        long? id = null;
        string? file = null;
        int width = 0, height = 0;
        Members(json, name =>
        {
            switch (name)
            {
                case "id": id = Number<long>(json, name); break;
                case "file_name": file = json.Type == JsonTokenType.String ? json.Text(name) : throw Fault(json, "file_name is no text"); break;
                case "width": width = Number<int>(json, name); break;
                case "height": height = Number<int>(json, name); break;
                default: json.Skip(); break;
            }
        });
        if (id is null || string.IsNullOrEmpty(file) || width < 1 || height < 1)
            throw Fault(json, "an image lacks its id, file_name, width or height");
        if ((long)width * height > ImageLimits.Default.MaxPixels)
            throw Fault(json, $"the image {file} claims {width}×{height} pixels; at most {ImageLimits.Default.MaxPixels} are read");
        if (Path.IsPathRooted(file) || file.Split('/', '\\').Contains(".."))
            throw Fault(json, $"the file_name '{file}' leads out of the folder of photos");
        if (!byId.TryAdd(id.Value, new CocoImage(file, new ImageSize(width, height))))
            throw Fault(json, $"there are two images of id {id}");
    }

    private void ReadCategory(JsonStream json)
    {
        int? id = null;
        string? label = null;
        Members(json, name =>
        {
            switch (name)
            {
                case "id": id = Number<int>(json, name); break;
                case "name": label = json.Type == JsonTokenType.String ? json.Text(name) : throw Fault(json, "name is no text"); break;
                default: json.Skip(); break;
            }
        });
        if (id is null || string.IsNullOrWhiteSpace(label) || !categories.TryAdd(id.Value, label))
            throw Fault(json, "a category lacks its id or name, or its id occurs twice");
    }

    private void ReadAnnotation(JsonStream json)
    {
        var start = json.Start;
        long? image = null;
        int? category = null;
        var isCrowd = false;
        float area = 0;
        double[] box = [];
        Members(json, name =>
        {
            switch (name)
            {
                case "image_id": image = Number<long>(json, name); break;
                case "category_id": category = Number<int>(json, name); break;
                case "iscrowd": isCrowd = json.Type == JsonTokenType.True || (json.Type == JsonTokenType.Number && Number<int>(json, name) != 0); break;
                case "area" when json.Type == JsonTokenType.Number: area = Number<float>(json, name); break;
                case "bbox": box = Numbers(json); break;
                default: json.Skip(); break;
            }
        });
        if (image is null || category is null || box is not [var x, var y, var width, var height] || !box.All(side => Math.Abs(side) < 1e6))
            throw Fault(json, "an annotation lacks its image_id or category_id, or its bbox is not [x, y, width, height]");
        if (json.End - start > MaxAnnotation)
            throw Fault(json, $"an annotation of {json.End - start} bytes; at most {MaxAnnotation} are read");
        annotations.Add((image.Value, new CocoAnnotation(start, (int)(json.End - start))
        {
            Category = category.Value,
            IsCrowd = isCrowd,
            Area = area,
            Box = new PixelBox((int)Math.Floor(x), (int)Math.Floor(y), (int)Math.Ceiling(x + width), (int)Math.Ceiling(y + height)),
        }));
    }

    private void Join()
    {
        foreach (var (image, annotation) in annotations)
        {
            if (!byId.TryGetValue(image, out var known))
                throw new InvalidDataException($"{path}, byte {annotation.Start}: the annotation is of image {image}, which is not among the images.");
            known.Annotations.Add(annotation);
        }

        annotations.Clear();
        annotations.TrimExcess();
    }

    private static void Members(JsonStream json, Action<string> read)
    {
        while (json.Read() && json.Type == JsonTokenType.PropertyName)
        {
            var name = json.Text("a name");
            json.Read();
            read(name);
        }
    }

    private double[] Numbers(JsonStream json)
    {
        if (json.Type != JsonTokenType.StartArray)
            throw Fault(json, "bbox is no list");
        var numbers = new List<double>();
        while (json.Read() && json.Type != JsonTokenType.EndArray)
            numbers.Add(Number<double>(json, "bbox"));
        return [.. numbers];
    }

    private T Number<T>(JsonStream json, string name)
        where T : struct, System.Numerics.INumber<T> => json.TryNumber(out T number) ? number : throw Fault(json, $"{name} is no number");

    private InvalidDataException Fault(JsonStream json, string what) => new($"{path}, byte {json.Start}: {what}.");
}
