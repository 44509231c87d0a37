using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

/// <summary>
/// A file of <c>Annotations</c>: the image's size and its objects. Every element but <c>name</c> and <c>bndbox</c> is optional;
/// body parts are ignored. Immutable.
/// </summary>
/// <param name="Width">Width of the image in pixels; null where the file does not say.</param>
/// <param name="Height">Height of the image in pixels; null where the file does not say.</param>
/// <param name="Objects">The objects in the file's order.</param>
public sealed record VocAnnotation(int? Width, int? Height, IReadOnlyList<VocObject> Objects)
{
    private const long MostCharacters = 16 << 20;

    /// <summary>Reads an annotation. DTDs and external entities are refused.</summary>
    /// <param name="path">The XML file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no VOC annotation; the message names file, line and value.</exception>
    public static VocAnnotation Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"The annotation {path} is missing.", path);

        var root = Parse(path);
        if (root.Name.LocalName != "annotation")
            throw Fault(path, root, $"the root element is <{root.Name.LocalName}>, not <annotation>");

        var size = root.Element("size");
        return new VocAnnotation(
            size is null ? null : Whole(path, Child(path, size, "width")),
            size is null ? null : Whole(path, Child(path, size, "height")),
            [.. root.Elements("object").Select(element => ReadObject(path, element))]);
    }

    private static XElement Parse(string path)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = MostCharacters,
            CloseInput = true,
        };
        try
        {
            using var reader = XmlReader.Create(File.OpenRead(path), settings);
            return XElement.Load(reader, LoadOptions.SetLineInfo);
        }
        catch (XmlException fault)
        {
            throw new InvalidDataException($"{path} is no well-formed annotation: {fault.Message}", fault);
        }
    }

    private static VocObject ReadObject(string path, XElement element)
    {
        var nameElement = Child(path, element, "name");
        var name = nameElement.Value.Trim();
        var classId = VocClasses.IdOf(name);
        if (classId is null or 0)
            throw Fault(path, nameElement, $"'{name}' is none of VOC's 20 object classes");

        return new VocObject(classId.Value, name, ReadBox(path, Child(path, element, "bndbox")))
        {
            Difficult = Flag(path, element.Element("difficult")),
            Truncated = Flag(path, element.Element("truncated")),
            Occluded = Flag(path, element.Element("occluded")),
            Pose = element.Element("pose")?.Value.Trim() is { Length: > 0 } pose ? pose : null,
        };
    }

    private static PixelBox ReadBox(string path, XElement element)
    {
        var box = new PixelBox(
            Rounded(path, Child(path, element, "xmin")) - 1,
            Rounded(path, Child(path, element, "ymin")) - 1,
            Rounded(path, Child(path, element, "xmax")),
            Rounded(path, Child(path, element, "ymax")));
        return box.IsEmpty ? throw Fault(path, element, "the box holds no pixel") : box;
    }

    private static XElement Child(string path, XElement parent, string name) =>
        parent.Element(name) ?? throw Fault(path, parent, $"<{parent.Name.LocalName}> has no <{name}>");

    private static bool Flag(string path, XElement? element) => element?.Value.Trim() switch
    {
        null or "" or "0" => false,
        "1" => true,
        var other => throw Fault(path, element, $"<{element.Name.LocalName}> is '{other}', not 0 or 1"),
    };

    private static int Whole(string path, XElement element) =>
        int.TryParse(element.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value > 0
            ? value
            : throw Fault(path, element, $"<{element.Name.LocalName}> is '{element.Value}', not a number of pixels");

    // Some of VOC 2011's files hold coordinates such as 45.70000076293945.
    private static int Rounded(string path, XElement element) =>
        double.TryParse(element.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) < 1e6
            ? (int)Math.Round(value, MidpointRounding.AwayFromZero)
            : throw Fault(path, element, $"<{element.Name.LocalName}> is '{element.Value}', not a coordinate in pixels");

    private static InvalidDataException Fault(string path, XElement element, string what) =>
        new($"{path}, line {((IXmlLineInfo)element).LineNumber}: {what}.");
}
