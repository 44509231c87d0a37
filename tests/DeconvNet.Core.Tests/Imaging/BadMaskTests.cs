using DeconvNet.Imaging;
using DeconvNet.Tests.Support;
using SkiaSharp;

namespace DeconvNet.Tests.Imaging;

public class BadMaskTests
{
    private static readonly byte[] Good = Samples.Png(5, 3, 8, 3, [0, 1, 2, 3, 4, 5, 1, 6, 7, 8, 9, 0, 2, 255, 0, 1, 2, 3]);

    [Fact]
    public void A_missing_mask_is_not_found()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<FileNotFoundException>(() => LabelMap.Load(folder["none.png"]));
    }

    [Fact]
    public void A_mask_cut_anywhere_is_refused()
    {
        for (var length = 0; length < Good.Length; length++)
            Refused(Good[..length]);
    }

    [Fact]
    public void A_mask_with_any_bit_flipped_is_refused()
    {
        Assert.Equal(5, LabelMap.Decode(Good).Width);
        for (var bit = 0; bit < 8 * Good.Length; bit++)
        {
            var damaged = (byte[])Good.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Refused(damaged);
        }
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(6, 4)]
    [InlineData(4, 2)]
    public void A_mask_of_colors_is_refused_with_an_explanation(byte colorType, int samples)
    {
        var message = Refused(Samples.Png(2, 1, 8, colorType, new byte[1 + (2 * samples)]));

        Assert.Contains("class ids", message, StringComparison.Ordinal);
        Assert.Contains("SegmentationClass", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_jpeg_is_not_a_mask() =>
        Assert.Contains("not a PNG", Refused(Samples.Encode(Samples.Gradient(8, 8), SKEncodedImageFormat.Jpeg)), StringComparison.Ordinal);

    [Fact]
    public void A_16_bit_mask_is_refused() => Assert.Contains("16 bits", Refused(Samples.Png(1, 1, 16, 0, [0, 0, 1])), StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(0x80000000, 1)]
    [InlineData(uint.MaxValue, uint.MaxValue)]
    [InlineData(30000, 30000)]
    public void An_impossible_size_is_refused(uint width, uint height) =>
        Assert.Contains($"{width}×{height}", Refused(Samples.Png(width, height, 8, 0, [0, 1])), StringComparison.Ordinal);

    [Fact]
    public void A_small_file_that_claims_many_pixels_costs_no_memory()
    {
        var bomb = Samples.Png(8192, 8192, 8, 0, [0, 1]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var message = Refused(bomb);

        Assert.Contains("cannot hold", message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void More_data_than_the_header_says_are_refused_without_inflating_them()
    {
        var bomb = Samples.Png(1, 1, 8, 0, new byte[50_000_000]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var message = Refused(bomb);

        Assert.Contains("more rows", message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Fewer_rows_than_the_header_says_are_refused() =>
        Assert.Contains("row 2 of 4", Refused(Samples.Png(2, 4, 8, 0, [0, 1, 2, 0, 3, 4])), StringComparison.Ordinal);

    [Fact]
    public void A_filter_that_does_not_exist_is_refused_with_its_row() =>
        Assert.Contains("row 1 has filter 5", Refused(Samples.Png(1, 2, 8, 0, [0, 1, 5, 1])), StringComparison.Ordinal);

    private static string Refused(byte[] png)
    {
        var error = Assert.Throws<InvalidDataException>(() => LabelMap.Decode(png, "mask.png"));
        Assert.Contains("'mask.png'", error.Message, StringComparison.Ordinal);
        return error.Message;
    }
}
