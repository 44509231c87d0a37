using System.Text.Json;
using CsCheck;
using DeconvNet.Imaging;
using DeconvNet.Imaging.Masks;

namespace DeconvNet.Tests.Imaging;

/// <summary>Run lengths compared with those of COCO's own library, and round trips.</summary>
public sealed class CocoRunLengthsTests
{
    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Reference", "coco", "polygons.json"))).RootElement;

    [Fact]
    public void Run_lengths_equal_those_of_the_COCO_library()
    {
        foreach (var expected in Reference.EnumerateArray())
        {
            var size = new ImageSize(expected.GetProperty("width").GetInt32(), expected.GetProperty("height").GetInt32());
            long[] counts = [.. expected.GetProperty("counts").EnumerateArray().Select(value => value.GetInt64())];
            var compressed = expected.GetProperty("compressed").GetString()!;

            var read = CocoRunLengths.FromCounts(size, counts);
            Assert.Equal(compressed, read.ToCompressedString());
            Assert.Equal(counts, CocoRunLengths.Parse(size, compressed).Counts.Select(count => (long)count));
            Assert.Equal(expected.GetProperty("area").GetInt64(), read.Area);
            var mask = read.ToMask();
            Assert.Equal((size, read.Area), (mask.Size, mask.Area));
            Assert.Equal(compressed, CocoRunLengths.FromMask(mask).ToCompressedString());
        }
    }

    [Fact]
    public void A_mask_comes_back_from_its_text() =>
        MaskOutlineTests.Masks.Sample(mask =>
        {
            var back = CocoRunLengths.Parse(mask.Size, CocoRunLengths.FromMask(mask).ToCompressedString()).ToMask();
            Assert.True(mask.Pixels.SequenceEqual(back.Pixels));
        });

    [Theory]
    [InlineData("g0550~", "character 6")]
    [InlineData("g", "character 1")]
    [InlineData("gggggggggggggggggg", "character")]
    [InlineData(" ", "character 1")]
    [InlineData("67", "a run of 7 pixels after 6 does not fit the 12")]
    [InlineData("65", "the runs are 11 pixels; the mask has 12")]
    [InlineData("6O", "a run of -1 pixels")]
    public void Damaged_text_is_refused(string text, string fault) =>
        Assert.Contains(fault, Assert.Throws<FormatException>(() => CocoRunLengths.Parse(new ImageSize(4, 3), text)).Message, StringComparison.Ordinal);
}
