using System.Diagnostics;
using DeconvNet.Datasets;
using DeconvNet.Imaging;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Datasets;

public sealed class VocAnnotationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void All_elements_of_an_official_file_are_read()
    {
        var annotation = Read("""
            <annotation>
              <folder>VOC2012</folder><filename>x.jpg</filename>
              <size><width>500</width><height>281</height><depth>3</depth></size>
              <object>
                <name>person</name><pose>Left</pose><truncated>1</truncated><occluded>1</occluded><difficult>1</difficult>
                <bndbox><xmax>375</xmax><xmin>104</xmin><ymax>183</ymax><ymin>78</ymin></bndbox>
                <part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></part>
              </object>
            </annotation>
            """);

        Assert.Equal((500, 281), (annotation.Width, annotation.Height));
        Assert.Equal(
            [new VocObject(15, "person", new PixelBox(103, 77, 375, 183)) { Difficult = true, Truncated = true, Occluded = true, Pose = "Left" }],
            annotation.Objects);
    }

    [Fact]
    public void Only_name_and_box_are_required_and_parts_before_them_do_not_confuse()
    {
        var annotation = Read("""
            <annotation><object>
              <part><name>hand</name><bndbox><xmin>7</xmin><ymin>7</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></part>
              <name>dog</name><bndbox><xmin>45.70000076293945</xmin><ymin>2</ymin><xmax>50.2</xmax><ymax>3</ymax></bndbox>
            </object></annotation>
            """);

        Assert.Null(annotation.Width);
        Assert.Equal([new VocObject(12, "dog", new PixelBox(45, 1, 50, 3))], annotation.Objects);
    }

    [Theory]
    [InlineData("voc_default_namespace", 96, 64, false, false)]
    [InlineData("voc_difficult_unspecified", 96, 64, false, false)]
    [InlineData("voc_truncated_fraction", 96, 64, true, false)]
    [InlineData("voc_size_0", null, null, false, false)]
    public void What_annotation_tools_write_is_read(string file, int? width, int? height, bool truncated, bool difficult)
    {
        var annotation = VocAnnotation.Load(BadFiles.Path(file + ".xml"));

        Assert.Equal((width, height), (annotation.Width, annotation.Height));
        Assert.Equal([new VocObject(12, "dog", new PixelBox(9, 19, 50, 60)) { Truncated = truncated, Difficult = difficult }], annotation.Objects.Select(thing => thing with { Pose = null }));
    }

    [Fact]
    public void Objects_of_a_prefixed_namespace_are_found()
    {
        // The file's only object has no box: it is found, and said to have none.
        var error = Assert.Throws<InvalidDataException>(() => VocAnnotation.Load(BadFiles.Path("voc_prefixed_namespace.xml")));
        Assert.Contains("<object> has no <bndbox>", error.Message, StringComparison.Ordinal);
        Assert.Equal("dog", Assert.Single(Read("""
            <v:annotation xmlns:v="http://example.org/voc"><v:object><v:name>dog</v:name>
            <v:bndbox><v:xmin>1</v:xmin><v:ymin>1</v:ymin><v:xmax>4</v:xmax><v:ymax>5</v:ymax></v:bndbox></v:object></v:annotation>
            """).Objects).Name);
    }

    [Theory]
    [InlineData("0.0597", true)]
    [InlineData("0.0", false)]
    [InlineData("unspecified", false)]
    [InlineData("True", true)]
    [InlineData("no", false)]
    public void Flags_are_read_as_tools_write_them(string text, bool expected) => Assert.Equal(expected, Assert.Single(Read($"""
        <annotation><object><name>dog</name><truncated>{text}</truncated>
        <bndbox><xmin>1</xmin><ymin>1</ymin><xmax>4</xmax><ymax>5</ymax></bndbox></object></annotation>
        """).Objects).Truncated);

    [Fact]
    public void A_file_with_a_box_at_0_counts_from_0()
    {
        var annotation = Read("""
            <annotation><size><width>20.0</width><height>10</height></size>
            <object><name>dog</name><bndbox><xmin>0.2</xmin><ymin>3</ymin><xmax>20</xmax><ymax>10</ymax></bndbox></object>
            <object><name>cat</name><bndbox><xmin>5</xmin><ymin>2</ymin><xmax>8</xmax><ymax>6.4</ymax></bndbox></object></annotation>
            """);
        Assert.Equal((20, 10), (annotation.Width, annotation.Height));
        Assert.Equal([new PixelBox(0, 3, 20, 10), new PixelBox(5, 2, 8, 6)], annotation.Objects.Select(thing => thing.Box));
    }

    [Fact]
    public void A_deep_file_is_refused_at_once()
    {
        var path = BadFiles.Path("deep40000.xml");
        var start = Stopwatch.GetTimestamp();
        var error = Assert.Throws<InvalidDataException>(() => VocAnnotation.Load(path));
        Assert.Contains("nested more than 32 deep", error.Message, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 1);
    }

    [Fact]
    public void A_file_far_larger_than_any_annotation_is_refused()
    {
        var error = Assert.Throws<InvalidDataException>(() => Read($"<annotation>{string.Concat(Enumerable.Repeat("<object/>", 600_000))}</annotation>"));
        Assert.Contains(folder["a.xml"], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_without_objects_is_valid() => Assert.Empty(Read("<annotation/>").Objects);

    [Theory]
    [InlineData("", "well-formed")]
    [InlineData("<annotation><object>", "well-formed")]
    [InlineData("<!DOCTYPE annotation [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><annotation>&a;</annotation>", "well-formed")]
    [InlineData("<html/>", "<html>")]
    [InlineData("<annotation>\n<size><width>5</width></size></annotation>", "line 2: <size> has no <height>")]
    [InlineData("<annotation><size><width>-1</width><height>5</height></size></annotation>", "'-1'")]
    [InlineData("<annotation><object><bndbox/></object></annotation>", "no <name>")]
    [InlineData("<annotation><object><name>cat</name></object></annotation>", "no <bndbox>")]
    [InlineData("<annotation><object><name>unicorn</name></object></annotation>", "'unicorn'")]
    [InlineData("<annotation><object><name>background</name></object></annotation>", "'background'")]
    [InlineData("<annotation><object><name>cat</name><bndbox><xmin>1</xmin></bndbox></object></annotation>", "no <ymin>")]
    [InlineData("<annotation><object><name>cat</name><bndbox><xmin>one</xmin></bndbox></object></annotation>", "'one'")]
    [InlineData("<annotation><object><name>cat</name><bndbox><xmin>NaN</xmin></bndbox></object></annotation>", "'NaN'")]
    [InlineData("<annotation><object><name>cat</name><bndbox><xmin>1e300</xmin></bndbox></object></annotation>", "'1e300'")]
    [InlineData("<annotation><object><name>cat</name><bndbox><xmin>5</xmin><ymin>1</ymin><xmax>4</xmax><ymax>2</ymax></bndbox></object></annotation>", "no pixel")]
    [InlineData("<annotation><object><name>cat</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>4</xmax><ymax>2</ymax></bndbox><difficult>maybe</difficult></object></annotation>", "'maybe'")]
    public void A_malformed_file_is_named_with_its_fault(string xml, string fault)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(xml));

        Assert.Contains(folder["a.xml"], error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    private VocAnnotation Read(string xml)
    {
        File.WriteAllText(folder["a.xml"], xml);
        return VocAnnotation.Load(folder["a.xml"]);
    }
}
