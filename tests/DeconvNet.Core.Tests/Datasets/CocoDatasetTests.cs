using DeconvNet.Datasets;
using DeconvNet.Imaging;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Datasets;

public sealed class CocoDatasetTests : IDisposable
{
    // In the order of COCO's own files: categories come last.
    internal const string Sound = """
        {"info": {"description": "two photos", "more": [1, {"a": null}]},
         "images": [{"id": 7, "file_name": "a.jpg", "width": 12, "height": 10, "license": 1}, {"id": 3, "file_name": "sub/b.jpg", "width": 8, "height": 6},
                    {"id": 9, "file_name": "empty.jpg", "width": 8, "height": 6}],
         "annotations": [
           {"id": 1, "image_id": 7, "category_id": 17, "iscrowd": 0, "area": 4, "bbox": [3, 4, 2, 2], "segmentation": [[3, 4, 5, 4, 5, 6, 3, 6]]},
           {"id": 2, "image_id": 7, "category_id": 18, "iscrowd": 0, "area": 35, "bbox": [2, 3, 7, 5], "segmentation": {"size": [10, 12], "counts": "g05500000000000k0"}},
           {"id": 3, "image_id": 7, "category_id": 18, "iscrowd": 1, "area": 20, "bbox": [0, 0, 12, 2], "segmentation": {"size": [10, 12], "counts": [0, 2, 8, 2, 8, 2, 98]}},
           {"id": 4, "image_id": 3, "category_id": 63, "iscrowd": 0, "area": 9, "bbox": [1, 1, 3, 3], "segmentation": [[1, 1, 4, 1, 4, 4, 1, 4]]}],
         "categories": [{"id": 63, "name": "couch", "supercategory": "furniture"}, {"id": 17, "name": "cat"}, {"id": 18, "name": "dog"}]}
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Objects_are_filled_smaller_ones_over_larger_ones_and_crowds_are_void()
    {
        var data = Open();

        Assert.Equal(["a", "sub/b"], data.Ids);
        Assert.Equal(["background", "cat", "dog", "couch"], data.ClassNames);
        var labels = data.LoadLabels(0);
        Assert.Equal([LabelMap.Void, 0, 2, 1, 2, 0], new[] { labels[0, 0], labels[0, 4], labels[2, 3], labels[3, 4], labels[8, 7], labels[9, 7] });
        var instances = data.LoadInstances(0)!;
        Assert.Equal([0, 2, 1], new[] { instances[0, 0], instances[2, 3], instances[4, 5] });
        Assert.Equal([new AnnotatedObject(1, "cat", new PixelBox(3, 4, 5, 6)), new AnnotatedObject(2, "dog", new PixelBox(2, 3, 9, 8))], data.LoadObjects(0));
    }

    [Fact]
    public void Some_categories_under_other_names_are_a_set_of_their_own()
    {
        var data = Open(options: new CocoDatasetOptions { ClassNames = ["background", "sofa"], Categories = [new("couch", "sofa")] });

        Assert.Equal(["sub/b"], data.Ids);
        Assert.Equal(1, data.LoadLabels(0)[2, 2]);
        Assert.Equal(["a", "sub/b", "empty"], Open(options: new CocoDatasetOptions { ClassNames = ["background", "cat"], IncludeEmptyImages = true }).Ids);
    }

    [Fact]
    public void VOCs_classes_have_their_ids()
    {
        var text = Sound.Replace("\"categories\": [", "\"categories\": [" + string.Concat(VocClasses.Names.Skip(1)
            .Select(name => name switch { "aeroplane" => "airplane", "diningtable" => "dining table", "motorbike" => "motorcycle", "pottedplant" => "potted plant", "tvmonitor" => "tv", _ => name })
            .Where(name => name is not ("cat" or "dog" or "sofa")).Select((name, i) => $$"""{"id": {{100 + i}}, "name": "{{name}}"}, """)), StringComparison.Ordinal);

        var data = Open(text, CocoDatasetOptions.Voc);

        Assert.Equal(VocClasses.Names, data.ClassNames);
        Assert.Equal((8, 12, 18), (data.LoadLabels(0)[3, 4], data.LoadLabels(0)[2, 3], data.LoadLabels(1)[2, 2]));
    }

    [Fact]
    public void The_file_is_streamed_whatever_the_buffer_cuts()
    {
        // Padding moves every token across every place of the buffer's 16 KB.
        for (var padding = 16_000; padding < 16_400; padding += 7)
            Assert.Equal(1, Open($"{{\"padding\": \"{new string('x', padding)}\", {Sound.TrimStart()[1..]}").LoadLabels(0)[3, 4]);
    }

    [Fact]
    public void A_photo_of_another_size_and_a_missing_one_are_named()
    {
        var data = Open();
        Assert.Throws<FileNotFoundException>(() => data.LoadImage(1));
        MiniVoc.WriteJpeg(folder["a.jpg"], 11, 10);
        Assert.Contains("12×10", Assert.Throws<InvalidDataException>(() => data.LoadImage(0)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"image_id\": 3", "\"image_id\": 4", "image 4")]
    [InlineData("\"bbox\": [1, 1, 3, 3]", "\"bbox\": [1, 1, 3]", "bbox")]
    [InlineData("\"file_name\": \"a.jpg\"", "\"file_name\": \"../a.jpg\"", "../a.jpg")]
    [InlineData("\"id\": 3, \"file_name\"", "\"id\": 7, \"file_name\"", "two images")]
    [InlineData("\"width\": 12", "\"width\": 1200000000", "pixels")]
    [InlineData("\"categories\": [", "\"categories\": 5, \"x\": [", "categories")]
    [InlineData("\"annotations\": [", "\"annotations\": [[],", "annotations")]
    public void What_is_wrong_in_the_file_is_named_with_its_place(string sound, string wrong, string named)
    {
        var error = Assert.Throws<InvalidDataException>(() => Open(Sound.Replace(sound, wrong, StringComparison.Ordinal)));
        Assert.Contains("instances.json, byte ", error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "has no images")]
    [InlineData("""{"images": [], "annotations": [], "categories": []}""", "has no images")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.jpg", "width": 2, "height": 2}], "annotations": [], "categories": [{"id": 90, "name": "cat"}]}""", "categories cat")]
    public void A_file_without_anything_to_learn_from_says_what_it_lacks(string text, string named) =>
        Assert.Contains(named, Assert.Throws<InvalidDataException>(() => Open(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("[[3, 4, 5, 4, 1e999, 6, 3, 6]]", "coordinate")]
    [InlineData("[[3, 4, 5, 4, 100000.5, 6, 3, 6]]", "100000.5")]
    [InlineData("[[3, 4, 5, 4, \"NaN\", 6, 3, 6]]", "not a list of numbers")]
    [InlineData("[[3, 4, 5, 4, 5]]", "5 numbers")]
    [InlineData("[]", "neither")]
    [InlineData("{\"size\": [10, 12], \"counts\": [0, 2, 8, 2, 8, 2, 97]}", "119")]
    [InlineData("{\"size\": [10, 12], \"counts\": [60, 61]}", "61")]
    [InlineData("{\"size\": [10, 12], \"counts\": [130, -10]}", "130")]
    [InlineData("{\"size\": [10, 12], \"counts\": \"~~\"}", "malformed")]
    public void An_outline_that_is_wrong_is_named_with_its_photo(string outline, string named)
    {
        var data = Open(Sound.Replace("[[3, 4, 5, 4, 5, 6, 3, 6]]", outline, StringComparison.Ordinal));
        var error = Assert.Throws<InvalidDataException>(() => data.LoadLabels(0));
        Assert.Contains("an annotation of a.jpg", error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_polygon_that_leaves_the_photo_is_cut_off_at_its_border()
    {
        var labels = Open(Sound.Replace("[[3, 4, 5, 4, 5, 6, 3, 6]]", "[[-40, 4, 5, 4, 5, 600, -40, 600]]", StringComparison.Ordinal)).LoadLabels(0);
        Assert.Equal([1, 1, 0, 0], new[] { labels[0, 4], labels[0, 9], labels[0, 2], labels[9, 9] });
    }

    [Fact]
    public void A_truncated_file_is_refused_at_every_byte()
    {
        for (var length = 0; length < Sound.Length - 1; length++)
            Assert.Throws<InvalidDataException>(() => Open(Sound[..length]));
    }

    [Theory]
    [InlineData("\"segmentation\": [[3, 4, 5, 4, 5, 6, 3, 6]]", "\"other\": 1")]
    [InlineData("\"counts\": \"g0", "\"counts\": \"h0")]
    [InlineData("\"size\": [10, 12], \"counts\": [", "\"size\": [12, 10], \"counts\": [")]
    [InlineData("\"size\": [10, 12], \"counts\": [", "\"size\": [10.5, 12], \"counts\": [")]
    [InlineData("\"counts\": \"g0", "\"counts\": \"\\ud800g0")]
    public void An_outline_that_does_not_fit_is_named_when_it_is_read(string sound, string wrong)
    {
        var data = Open(Sound.Replace(sound, wrong, StringComparison.Ordinal));
        Assert.Contains("an annotation of a.jpg", Assert.Throws<InvalidDataException>(() => data.LoadLabels(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_numbers_may_be_written_as_fractions() =>
        Assert.Equal(Open().LoadLabels(0).Pixels, Open(Sound.Replace("[10, 12]", "[10.0, 1.2e1]", StringComparison.Ordinal).Replace("[0, 2, 8", "[0.0, 2.0, 8", StringComparison.Ordinal).Replace("\"width\": 12", "\"width\": 12.0", StringComparison.Ordinal)).LoadLabels(0).Pixels);

    [Fact]
    public void A_class_that_is_no_category_is_refused_with_those_there_are() =>
        Assert.Contains("cat, dog, couch", Assert.Throws<ArgumentException>(() => Open(options: new CocoDatasetOptions { ClassNames = ["background", "bear"] })).Message, StringComparison.Ordinal);

    private CocoDataset Open(string text = Sound, CocoDatasetOptions? options = null)
    {
        File.WriteAllText(folder["instances.json"], text);
        return new CocoDataset(folder["instances.json"], folder.Root, options, cancellationToken: TestContext.Current.CancellationToken);
    }
}
