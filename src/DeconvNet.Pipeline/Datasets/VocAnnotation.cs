using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

/// <summary>
/// A file of <c>Annotations</c>: the image's size and its objects. Every element except <c>name</c> and <c>bndbox</c> is optional;
/// body parts and XML namespaces are ignored. Immutable.
/// </summary>
/// <remarks>
/// What annotation tools write is read too: fractional numbers are rounded; a flag is set by 1, <c>true</c>, <c>yes</c> or any number above 0, and not set by 0,
/// <c>false</c>, <c>no</c>, <c>Unspecified</c> or nothing; a size of 0 is unknown. VOC counts pixels from 1 and includes the last one; a file with a box that starts at 0
/// counts from 0, and its boxes end before their last number.
/// </remarks>
/// <param name="Width">Width of the image in pixels; null where the file does not say.</param>
/// <param name="Height">Height of the image in pixels; null where the file does not say.</param>
/// <param name="Objects">The objects in the file's order.</param>
public sealed record VocAnnotation(int? Width, int? Height, IReadOnlyList<VocObject> Objects)
{
    // VOC's own files have 5 levels and at most 20,000 characters.
    private const int MaxDepth = 32;
    private const long MaxCharacters = 4 << 20;

    /// <summary>Reads an annotation. DTDs and external entities are refused.</summary>
    /// <param name="path">The XML file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no VOC annotation; the message names file, line and value.</exception>
    public static VocAnnotation Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Path.Exists(path))
            throw new FileNotFoundException($"The annotation {path} is missing.", path);

        var root = Parse(path);
        if (root.Name.LocalName != "annotation")
            throw Fault(path, root, $"the root element is <{root.Name.LocalName}>, not <annotation>");

        var size = Find(root, "size");
        var objects = root.Elements().Where(element => element.Name.LocalName == "object").Select(element => (Element: element, Found: ReadObject(path, element))).ToList();
        var first = objects.Exists(item => item.Found.Box.X0 == 0 || item.Found.Box.Y0 == 0) ? 0 : 1;
        return new VocAnnotation(
            size is null ? null : Side(path, Child(path, size, "width")),
            size is null ? null : Side(path, Child(path, size, "height")),
            [.. objects.Select(item => item.Found with { Box = CountFromZero(path, item.Element, item.Found.Box, first) })]);
    }

    private static XElement Parse(string path)
    {
        try
        {
            // The tree of a deep file takes time that grows with the square of its depth, so the depth is checked before there is one.
            using (var reader = Open(path))
            {
                while (reader.Read())
                {
                    if (reader.Depth > MaxDepth)
                        throw new InvalidDataException($"{path}, line {((IXmlLineInfo)reader).LineNumber}: elements are nested more than {MaxDepth} deep; an annotation has 5 levels.");
                }
            }

            using (var reader = Open(path))
                return XElement.Load(reader, LoadOptions.SetLineInfo);
        }
        catch (XmlException fault)
        {
            throw new InvalidDataException($"{path} is no well-formed annotation: {fault.Message}", fault);
        }
    }

    private static XmlReader Open(string path) => XmlReader.Create(
        InputFile.Open(path, "an annotation"),
        new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxCharacters, CloseInput = true });

    /// <summary>An object whose box has the file's own numbers.</summary>
    private static VocObject ReadObject(string path, XElement element)
    {
        var nameElement = Child(path, element, "name");
        var name = nameElement.Value.Trim();
        var classId = VocClasses.IdOf(name);
        if (classId is null or 0)
            throw Fault(path, nameElement, $"'{name}' is none of VOC's 20 object classes");

        var box = Child(path, element, "bndbox");
        var corners = new PixelBox(
            Coordinate(path, Child(path, box, "xmin")),
            Coordinate(path, Child(path, box, "ymin")),
            Coordinate(path, Child(path, box, "xmax")),
            Coordinate(path, Child(path, box, "ymax")));
        return new VocObject(classId.Value, name, corners)
        {
            Difficult = Flag(path, Find(element, "difficult")),
            Truncated = Flag(path, Find(element, "truncated")),
            Occluded = Flag(path, Find(element, "occluded")),
            Pose = Find(element, "pose")?.Value.Trim() is { Length: > 0 } pose ? pose : null,
        };
    }

    private static PixelBox CountFromZero(string path, XElement element, PixelBox corners, int first)
    {
        var box = new PixelBox(corners.X0 - first, corners.Y0 - first, corners.X1, corners.Y1);
        return box.IsEmpty ? throw Fault(path, Child(path, element, "bndbox"), "the box holds no pixel") : box;
    }

    private static XElement? Find(XElement parent, string name) => parent.Elements().FirstOrDefault(element => element.Name.LocalName == name);

    private static XElement Child(string path, XElement parent, string name) =>
        Find(parent, name) ?? throw Fault(path, parent, $"<{parent.Name.LocalName}> has no <{name}>");

    private static bool Flag(string path, XElement? element)
    {
        var text = element?.Value.Trim().ToUpperInvariant();
        return text switch
        {
            null or "" or "FALSE" or "NO" or "UNSPECIFIED" => false,
            "TRUE" or "YES" => true,
            _ when Number(text) is >= 0 and var value => value > 0,
            _ => throw Fault(path, element!, $"<{element!.Name.LocalName}> is '{element.Value.Trim()}'; expected 0, 1, a fraction or Unspecified"),
        };
    }

    private static int? Side(string path, XElement element) => Number(element.Value) is >= 0 and < 1e6 and var side
        ? side == 0 ? null : Math.Max(1, (int)Math.Round(side))
        : throw Fault(path, element, $"<{element.Name.LocalName}> is '{element.Value}'; expected a number of pixels");

    // Some of VOC 2011's files hold coordinates such as 45.70000076293945.
    private static int Coordinate(string path, XElement element) => Number(element.Value) is > -1e6 and < 1e6 and var place
        ? (int)Math.Round(place, MidpointRounding.AwayFromZero)
        : throw Fault(path, element, $"<{element.Name.LocalName}> is '{element.Value}'; expected a coordinate in pixels");

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN;

    private static InvalidDataException Fault(string path, XElement element, string what) =>
        new($"{path}, line {((IXmlLineInfo)element).LineNumber}: {what}.");
}
