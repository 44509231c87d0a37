using System.Text.Json.Nodes;
using DeconvNet.Imaging;
using DeconvNet.Imaging.Drawing;
using DeconvNet.Segmentation;
using DeconvNet.Segmentation.Scores;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Segmentation;

public class SegmentationResultTests
{
    private static readonly string[] Names = ["background", "cat", "dog", "sofa"];

    [Fact]
    public void Classes_are_counted_without_background_and_void_largest_first()
    {
        var result = Make([0, 2, 2, 3, 255, 1, 2, 3, 1, 0]);
        Assert.Equal(["dog", "cat", "sofa"], result.Classes.Select(found => found.Name));
        Assert.Equal([3L, 2, 2], result.Classes.Select(found => found.PixelCount));
        Assert.Equal([2, 1, 3], result.Classes.Select(found => (int)found.Id));
        Assert.Equal([0.3, 0.2, 0.2], result.Classes.Select(found => found.Fraction));
    }

    [Fact]
    public void The_saved_map_is_a_palette_png_with_the_same_labels()
    {
        using var folder = new TemporaryFolder();
        var result = Make([0, 2, 2, 3, 255, 1, 2, 3, 1, 0]);
        result.SavePng(folder["labels.png"]);

        Assert.Equal(result.Labels.Pixels, LabelMap.Load(folder["labels.png"]).Pixels);
        var header = File.ReadAllBytes(folder["labels.png"]).AsSpan(24, 2).ToArray();
        Assert.Equal([8, 3], header);
    }

    [Fact]
    public void The_overlay_blends_the_color_of_each_class_over_the_photo_and_leaves_the_background()
    {
        var photo = Photos.WithRectangle(200, 100, default, 0, 0, 0);
        var labels = new byte[200 * 100];
        labels.AsSpan(0, 200 * 50).Fill(1);
        var result = new SegmentationResult(photo, new LabelMap(200, 100, labels), Names);

        // The photo is 90 everywhere.
        var color = ClassColors.Color(1);
        foreach (var opacity in (double[])[0, 0.25, 0.55, 1])
        {
            var overlay = result.Overlay(new OverlayOptions { Opacity = opacity });
            var (inside, outside) = (Pixel(overlay, 100, 20), Pixel(overlay, 100, 80));
            Assert.Equal(((1 - opacity) * 90) + (opacity * color.R), inside[0], 1.5);
            Assert.Equal(((1 - opacity) * 90) + (opacity * color.G), inside[1], 1.5);
            Assert.Equal(((1 - opacity) * 90) + (opacity * color.B), inside[2], 1.5);
            Assert.Equal([90, 90, 90], outside);
        }

        Assert.True(result.Overlay().Height > photo.Height, "There is no legend.");
        Assert.Equal(result.Overlay(new OverlayOptions { Opacity = 0.55 }).Pixels, result.Overlay().Pixels);
        Assert.Throws<ArgumentOutOfRangeException>(() => result.Overlay(new OverlayOptions { Opacity = 1.01 }));

        static byte[] Pixel(RgbImage image, int x, int y) => image.Pixels.Slice(3 * ((y * image.Width) + x), 3).ToArray();
    }

    [Fact]
    public void The_json_holds_size_classes_proposals_and_times()
    {
        var made = Make([0, 2, 2, 3, 255, 1, 2, 3, 1, 0]);
        var result = new SegmentationResult(Photos.Noise(5, 2, 1), made.Labels, Names)
        {
            Proposals = [new UsedProposal(new(0, 0, 5, 2), new(-1, -2, 5, 4), float.PositiveInfinity), new UsedProposal(new(1, 0, 2, 1), new(1, 0, 2, 1), 0.5f)],
            Timings = new SegmentationTimings
            {
                Proposals = TimeSpan.FromMilliseconds(1),
                Crops = TimeSpan.FromMilliseconds(2),
                Network = TimeSpan.FromMilliseconds(3.5),
                Merge = TimeSpan.FromMilliseconds(4),
                Crf = TimeSpan.FromMilliseconds(5),
            },
        };

        var expected = JsonNode.Parse("""
            {
              "width": 5, "height": 2,
              "classes": [
                { "name": "dog", "fraction": 0.3, "id": 2, "pixels": 3 }, { "name": "cat", "fraction": 0.2, "id": 1, "pixels": 2 },
                { "name": "sofa", "fraction": 0.2, "id": 3, "pixels": 2 }
              ],
              "regions": [
                { "id": 2, "name": "dog", "box": [1, 0, 3, 2], "pixels": 3, "confidence": null, "outline": [[1, 0], [3, 1], [1, 2]], "holes": [] },
                { "id": 3, "name": "sofa", "box": [2, 0, 4, 2], "pixels": 2, "confidence": null, "outline": [[3, 0], [4, 1], [2, 2]], "holes": [] },
                { "id": 1, "name": "cat", "box": [0, 1, 1, 2], "pixels": 1, "confidence": null, "outline": [[0, 1], [1, 1], [1, 2], [0, 2]], "holes": [] },
                { "id": 1, "name": "cat", "box": [3, 1, 4, 2], "pixels": 1, "confidence": null, "outline": [[3, 1], [4, 1], [4, 2], [3, 2]], "holes": [] }
              ],
              "proposals": [{ "box": [0, 0, 5, 2], "crop": [-1, -2, 5, 4], "score": null }, { "box": [1, 0, 2, 1], "crop": [1, 0, 2, 1], "score": 0.5 }],
              "milliseconds": { "proposals": 1, "crops": 2, "network": 3.5, "merge": 4, "crf": 5, "total": 15.5 }
            }
            """);
        var json = result.ToJson();
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(json)), json);
        Assert.DoesNotContain('\r', json);
    }

    [Fact]
    public void Probabilities_are_those_of_the_kept_scores()
    {
        var made = Make(new byte[10]);
        var scores = new ScoreMap(ScoreKind.Logits, 4, 1, 1, [0, MathF.Log(2), 0, MathF.Log(4)]);
        var kept = new SegmentationResult(Photos.Noise(5, 2, 1), made.Labels, Names) { Scores = scores };

        Assert.Equal([0.125f, 0.25f, 0.125f, 0.5f], kept.ComputeProbabilities().Values.ToArray().Select(value => MathF.Round(value, 6)));
        Assert.Contains("KeepScores", Assert.Throws<InvalidOperationException>(made.ComputeProbabilities).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_without_a_name_is_refused()
    {
        Assert.Contains("class 1", Assert.Throws<ArgumentException>(() => new SegmentationResult(Photos.Noise(1, 1, 1), new LabelMap(1, 1, [0]), ["a", null!])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new SegmentationResult(Photos.Noise(1, 1, 1), new LabelMap(1, 1, [0]), null!));
        foreach (var make in (Func<object>[])
        [
            () => new ProposalSegmenter(new FakeScorer { ClassNames = ["background", null!, "green", "blue"] }, new GivenBoxes()),
            () => new FcnSegmenter(new FakeImageScorer { ClassNames = ["background", null!, "green", "blue"] }),
        ])
        {
            Assert.Contains("class 1", Assert.Throws<ArgumentException>(make).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Labels_that_do_not_fit_photo_or_names_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new SegmentationResult(Photos.Noise(4, 4, 1), new LabelMap(4, 3, new byte[12]), Names));
        Assert.Contains("class 4", Assert.Throws<ArgumentException>(() => Make([0, 0, 4, 0, 0, 0, 0, 0, 0, 0])).Message, StringComparison.Ordinal);
    }

    private static SegmentationResult Make(byte[] labels) => new(Photos.Noise(5, 2, 1), new LabelMap(5, 2, labels), Names);
}
