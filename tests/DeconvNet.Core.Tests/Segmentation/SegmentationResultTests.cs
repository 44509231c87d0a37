using System.Text.Json;
using DeconvNet.Imaging;
using DeconvNet.Segmentation;
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
        Assert.Equal([3L, 2, 2], result.Classes.Select(found => found.Pixels));
        Assert.Equal([2, 1, 3], result.Classes.Select(found => (int)found.Id));
        var (name, share) = result.Classes[0];
        Assert.Equal(("dog", 0.3), (name, share));
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
    public void The_overlay_shows_the_photo_with_the_classes_in_color()
    {
        var photo = Photos.WithRectangle(200, 100, default, 0, 0, 0);
        var labels = new byte[200 * 100];
        labels.AsSpan(0, 200 * 50).Fill(1);
        var overlay = new SegmentationResult(photo, new LabelMap(200, 100, labels), Names).Overlay();

        Assert.Equal(photo.Width, overlay.Width);
        Assert.True(overlay.Height >= photo.Height);
        Assert.False(overlay.Pixels[..3].SequenceEqual(photo.Pixels[..3]));
    }

    [Fact]
    public void The_json_tells_size_classes_proposals_and_times()
    {
        var made = Make([0, 2, 2, 3, 255, 1, 2, 3, 1, 0]);
        var result = new SegmentationResult(Photos.Noise(5, 2, 1), made.Labels, Names)
        {
            Proposals = [new UsedProposal(new(0, 0, 5, 2), new(-1, -2, 5, 4), float.PositiveInfinity), new UsedProposal(new(1, 0, 2, 1), new(1, 0, 2, 1), 0.5f)],
            Timings = new SegmentationTimings(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(4)),
        };

        var json = JsonDocument.Parse(result.ToJson()).RootElement;
        Assert.Equal((5, 2), (json.GetProperty("width").GetInt32(), json.GetProperty("height").GetInt32()));
        Assert.Equal("dog", json.GetProperty("classes")[0].GetProperty("name").GetString());
        Assert.Equal(0.3, json.GetProperty("classes")[0].GetProperty("fraction").GetDouble());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("proposals")[0].GetProperty("score").ValueKind);
        Assert.Equal("[-1,-2,5,4]", string.Concat(json.GetProperty("proposals")[0].GetProperty("crop").GetRawText().Where(letter => !char.IsWhiteSpace(letter))));
        Assert.Equal(10, json.GetProperty("milliseconds").GetProperty("total").GetDouble());
    }

    [Fact]
    public void Labels_that_do_not_fit_photo_or_names_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new SegmentationResult(Photos.Noise(4, 4, 1), new LabelMap(4, 3, new byte[12]), Names));
        Assert.Contains("class 4", Assert.Throws<ArgumentException>(() => Make([0, 0, 4, 0, 0, 0, 0, 0, 0, 0])).Message, StringComparison.Ordinal);
    }

    private static SegmentationResult Make(byte[] labels) => new(Photos.Noise(5, 2, 1), new LabelMap(5, 2, labels), Names);
}
