using System.Text.Json;
using DeconvNet.Imaging;
using DeconvNet.Imaging.Masks;
using DeconvNet.Segmentation;
using DeconvNet.Segmentation.Scores;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Segmentation;

/// <summary>What one takes out of a result.</summary>
public sealed class ResultQueryTests
{
    private static readonly string[] names = ["background", "cat", "dog"];

    [Fact]
    public void The_mask_of_a_class_holds_its_pixels_and_that_of_several_all_of_theirs()
    {
        var result = Result(4, 2, [0, 1, 1, 2, 0, 1, 2, 255]);
        Assert.Equal([false, true, true, false, false, true, false, false], result.Mask("cat").Pixels.ToArray());
        Assert.Equal([false, true, true, true, false, true, true, false], result.Mask("dog", "cat").Pixels.ToArray());
        Assert.Equal(0, Result(2, 1, [0, 0]).Mask("dog").Area);
        Assert.Equal(2, result.ClassId("dog"));
        Assert.Contains("'cow'. The classes are background, cat, dog.", Assert.Throws<ArgumentException>("name", () => result.Mask("cow")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("names", () => result.Mask());
    }

    [Fact]
    public void Probabilities_are_those_of_the_scores_enlarged()
    {
        // Two columns of scores under a photo of four: its pixels lie at -0.25, 0.25, 0.75, 1.25 of them.
        var result = Result(4, 1, [1, 1, 2, 0], new ScoreMap(ScoreKind.Probabilities, 3, 2, 1, [0, 0.5f, 0.8f, 0.1f, 0.2f, 0.4f]));
        Assert.Equal([0.8f, 0.625f, 0.275f, 0.1f], result.Probability("cat").Values.ToArray(), (one, other) => Math.Abs(one - other) < 1e-6);
        Assert.Equal([0.8f, 0.625f, 0.35f, 0.5f], result.Confidence().Values.ToArray(), (one, other) => Math.Abs(one - other) < 1e-6);
        Assert.Equal(0.35, result.ProbabilityAt(2, 0), 6);
        Assert.Equal([("cat", 0.625), ("dog", 0.25), ("background", 0.125)], result.ProbabilitiesAt(1, 0).Select(entry => (entry.Name, Math.Round(entry.Probability, 6))));
        Assert.Equal([1, 1, 0, 0], result.WithMinConfidence(0.5).Labels.Pixels.ToArray());
        Assert.Same(result.Scores, result.WithMinConfidence(0.5).Scores);
        Assert.Throws<ArgumentOutOfRangeException>("x", () => result.ProbabilityAt(4, 0));
        Assert.Throws<ArgumentOutOfRangeException>("y", () => result.ProbabilitiesAt(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>("threshold", () => result.WithMinConfidence(1.1));
        Assert.Contains("KeepScores", Assert.Throws<InvalidOperationException>(() => Result(1, 1, [0]).Confidence()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Regions_are_told_apart_with_box_area_and_mean_probability()
    {
        var scores = new ScoreMap(ScoreKind.Probabilities, 3, 4, 2, [.. Enumerable.Repeat(0f, 8), 0, 0.6f, 0.8f, 0, 0, 0.7f, 0, 0, .. Enumerable.Repeat(0.3f, 8)]);
        var result = Result(4, 2, [0, 1, 1, 2, 2, 1, 0, 0], new ScoreMap(scores.Kind, 3, 4, 2, Normalized(scores)));
        var regions = result.Regions(minFraction: 0);
        Assert.Equal([("cat", 3L, new PixelBox(1, 0, 3, 2)), ("dog", 1, new PixelBox(3, 0, 4, 1)), ("dog", 1, new PixelBox(0, 1, 1, 2))], regions.Select(region => (region.Name, region.Area, region.Box)));
        Assert.Equal(((0.6 / 0.9) + (0.8 / 1.1) + (0.7 / 1)) / 3, regions[0].Confidence!.Value, 5);
        Assert.Equal(3.0 / 8, regions[0].Fraction);
        Assert.Equal([true, true, true, false], regions[0].Mask.Pixels.ToArray());
        Assert.Equal([false, true, true, false, false, true, false, false], regions[0].ToPhotoMask().Pixels.ToArray());
        Assert.Equal([new(1, 0), new(3, 0), new(3, 1), new(2, 1), new(2, 2), new(1, 2)], regions[0].Outline(0).Outer);
        Assert.Equal(regions[0].Area, regions[0].ToRunLengths().Area);
        Assert.Equal(["cat"], result.Regions(0.2).Select(region => region.Name));
        Assert.Equal([0, 1, 1, 0, 0, 1, 0, 0], result.WithoutSpecks(0.2).Labels.Pixels.ToArray());
        Assert.Null(Result(1, 1, [1]).Regions()[0].Confidence);
        Assert.Throws<ArgumentOutOfRangeException>("minFraction", () => result.Regions(-0.1));
    }

    [Fact]
    public void Specks_are_a_thousandth_of_the_photo_unless_said_otherwise()
    {
        var labels = new byte[100 * 100];
        labels.AsSpan(0, 9).Fill(1);
        labels.AsSpan(5000, 10).Fill(2);
        var result = Result(100, 100, labels);
        Assert.Equal(["dog"], result.Regions().Select(region => region.Name));
        Assert.Equal(["dog"], result.WithoutSpecks().Classes.Select(entry => entry.Name));
    }

    [Fact]
    public void A_cutout_shows_the_class_and_nothing_else()
    {
        var labels = new byte[30 * 20];
        for (var y = 5; y < 15; y++)
            labels.AsSpan((y * 30) + 10, 10).Fill(1);
        labels[0] = 2;
        var plain = Result(30, 20, labels);
        var cutout = plain.Cutout("cat");
        Assert.Equal((0, 255), (Alpha(cutout, 0, 0), Alpha(cutout, 15, 10)));
        Assert.InRange(Alpha(cutout, 9, 10), 50, 120);
        Assert.Equal(plain.Photo.Pixels.Slice(3 * ((10 * 30) + 15), 3).ToArray(), cutout.Pixels.Slice(4 * ((10 * 30) + 15), 3).ToArray());

        // With scores the edge is as soft as they are: cat falls from 0.9 to 0.1 over the columns; its labels end at column 15.
        float[] cat = [.. Enumerable.Range(0, 600).Select(i => 0.9f - (0.8f * (i % 30) / 29))];
        var soft = Result(30, 20, [.. Enumerable.Range(0, 600).Select(i => (byte)(i % 30 < 15 ? 1 : 0))], new ScoreMap(ScoreKind.Probabilities, 3, 30, 20, [.. cat.Select(p => 1 - p), .. cat, .. new float[600]]));
        var matte = soft.Matte("cat");
        Assert.Equal((1f, 0f), (matte[0, 10], matte[29, 10]));
        Assert.True(matte[14, 10] is >= 0.5f and < 0.6f && matte[15, 10] is > 0.4f and < 0.5f, $"{matte[14, 10]}, {matte[15, 10]}");
        Assert.Equal(0, matte[17, 10]);

        using var folder = new TemporaryFolder();
        cutout.SavePng(folder["cutout.png"]);
        using var bitmap = SkiaSharp.SKBitmap.Decode(folder["cutout.png"]);
        Assert.Equal((0, 255), (bitmap.GetPixel(0, 0).Alpha, bitmap.GetPixel(15, 10).Alpha));
    }

    [Fact]
    public void The_background_is_blurred_or_replaced_and_the_class_stays()
    {
        var labels = new byte[30 * 20];
        for (var y = 5; y < 15; y++)
            labels.AsSpan((y * 30) + 10, 10).Fill(1);
        var result = Result(30, 20, labels);
        foreach (var picture in new[] { result.BlurBackground(3, "cat"), result.ReplaceBackground(new Rgb(1, 2, 3), "cat"), result.ReplaceBackground(new RgbImage(1, 1, [1, 2, 3]), "cat") })
        {
            Assert.Equal(At(result.Photo, 15, 10), At(picture, 15, 10));
            Assert.NotEqual(At(result.Photo, 2, 2), At(picture, 2, 2));
        }

        Assert.Equal([1, 2, 3], At(result.ReplaceBackground(new Rgb(1, 2, 3), "cat"), 2, 2));
        Assert.True(Spread(result.Photo.Blurred(3)) < Spread(result.Photo) / 3);
        Assert.Throws<ArgumentOutOfRangeException>("radius", () => result.BlurBackground(0, "cat"));
    }

    [Fact]
    public void A_COCO_file_holds_images_categories_and_regions()
    {
        byte[] ring = [1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 2];
        using var stream = new MemoryStream();
        CocoFile.Save(stream, [new("a.jpg", Result(4, 3, ring)), new("b.jpg", Result(2, 1, [0, 1]))], minFraction: 0, tolerance: 0);
        using var json = JsonDocument.Parse(stream.ToArray());
        var root = json.RootElement;
        Assert.Equal("""[{"id":1,"file_name":"a.jpg","width":4,"height":3},{"id":2,"file_name":"b.jpg","width":2,"height":1}]""", root.GetProperty("images").GetRawText());
        Assert.Equal("""[{"id":1,"name":"cat"},{"id":2,"name":"dog"}]""", root.GetProperty("categories").GetRawText());
        var annotations = root.GetProperty("annotations").EnumerateArray().Select(entry => entry.GetRawText()).ToArray();
        Assert.Equal(3, annotations.Length);
        var counts = CocoRunLengths.FromMask(Result(4, 3, ring).Mask("cat")).ToCompressedString();
        Assert.Equal($$$"""{"id":1,"image_id":1,"category_id":1,"iscrowd":0,"area":8,"bbox":[0,0,3,3],"segmentation":{"size":[3,4],"counts":"{{{counts}}}"}}""", annotations[0]);
        Assert.Equal("""{"id":3,"image_id":2,"category_id":1,"iscrowd":0,"area":1,"bbox":[1,0,1,1],"segmentation":[[1,0,2,0,2,1,1,1]]}""", annotations[2]);

        Assert.Throws<ArgumentException>("results", () => CocoFile.Save(new MemoryStream(), []));
        var other = new SegmentationResult(Photos.Noise(1, 1, 1), new LabelMap(1, 1, [0]), ["background", "cow"]);
        Assert.Contains("'b.jpg' has the classes background, cow", Assert.Throws<ArgumentException>("results", () => CocoFile.Save(new MemoryStream(), [new("a.jpg", Result(1, 1, [0])), new("b.jpg", other)])).Message, StringComparison.Ordinal);
    }

    private static SegmentationResult Result(int width, int height, byte[] labels, ScoreMap? scores = null) => new(Photos.Noise(width, height, 1), new LabelMap(width, height, labels), names) { Scores = scores };

    private static float[] Normalized(ScoreMap scores) => scores.ToProbabilities().Values.ToArray();

    private static int Alpha(RgbaImage image, int x, int y) => image.Pixels[(4 * ((y * image.Width) + x)) + 3];

    private static byte[] At(RgbImage image, int x, int y) => image.Pixels.Slice(3 * ((y * image.Width) + x), 3).ToArray();

    private static double Spread(RgbImage image)
    {
        var mean = image.Pixels.ToArray().Average(value => value);
        return Math.Sqrt(image.Pixels.ToArray().Average(value => Math.Pow(value - mean, 2)));
    }
}
