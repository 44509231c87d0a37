using DeconvNet.Datasets;
using DeconvNet.Imaging;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Data;

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

    [Fact]
    public void An_image_without_objects_is_no_fault() => Assert.Empty(Read("<annotation/>").Objects);

    [Theory]
    [InlineData("", "well-formed")]
    [InlineData("<annotation><object>", "well-formed")]
    [InlineData("<!DOCTYPE annotation [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><annotation>&a;</annotation>", "well-formed")]
    [InlineData("<html/>", "<html>")]
    [InlineData("<annotation>\n<size><width>5</width></size></annotation>", "line 2: <size> has no <height>")]
    [InlineData("<annotation><size><width>0</width><height>5</height></size></annotation>", "'0'")]
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
