using CsCheck;
using DeconvNet.Imaging;
using DeconvNet.Tests.Support;
using SkiaSharp;

namespace DeconvNet.Tests.Imaging;

public class BadPhotoTests
{
    public static TheoryData<string> Kinds => ["jpeg", "progressive jpeg", "png", "gray png"];

    [Fact]
    public void A_missing_file_is_not_found()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<FileNotFoundException>(() => RgbImage.Load(folder["none.jpg"]));
        Assert.Throws<ArgumentException>(() => RgbImage.Load(""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is no image")]
    [InlineData("\u0089PNG\r\n\u001a\n")]
    public void A_file_that_is_not_an_image_is_refused_by_name(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["holiday.jpg"], System.Text.Encoding.Latin1.GetBytes(content));

        var error = Assert.Throws<InvalidDataException>(() => RgbImage.Load(folder["holiday.jpg"]));

        Assert.Contains("holiday.jpg", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_photo_cut_anywhere_is_refused_by_name(string kind)
    {
        var whole = Encoded(kind);
        Assert.True(RgbImage.Decode(whole).Width > 1);
        for (var length = 0; length < whole.Length; length++)
        {
            var error = Assert.Throws<InvalidDataException>(() => RgbImage.Decode(whole.AsSpan(0, length), "cut.bin"));
            Assert.Contains("cut.bin", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_damaged_photo_gives_an_image_or_one_kind_of_exception(string kind)
    {
        var whole = Encoded(kind);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte[1, 255]).Sample(
            (at, flip) =>
            {
                var damaged = (byte[])whole.Clone();
                damaged[at] ^= flip;
                try
                {
                    var image = RgbImage.Decode(damaged, "damaged.bin");
                    Assert.Equal(3 * image.Width * image.Height, image.Pixels.Length);
                }
                catch (InvalidDataException e)
                {
                    Assert.Contains("damaged.bin", e.Message, StringComparison.Ordinal);
                }
            },
            iter: 300);
    }

    [Fact]
    public void A_header_that_asks_for_too_much_is_refused()
    {
        var error = Assert.Throws<InvalidDataException>(() => RgbImage.Decode(Samples.Png(60000, 60000, 8, 2, [0]), "bomb.png"));
        Assert.Contains("60000×60000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_save_leaves_nothing_behind()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["taken.png"]);

        Assert.ThrowsAny<Exception>(() => Samples.Gradient(4, 4).SavePng(folder["taken.png"]));
        Assert.Throws<DirectoryNotFoundException>(() => Samples.Gradient(4, 4).SavePng(folder["none/photo.png"]));

        Assert.Empty(Directory.GetFiles(folder.Root));
    }

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "Git LFS")]
    [InlineData("\n<!DOCTYPE html><html><body>404</body></html>", "HTML")]
    [InlineData("<HTML>", "HTML")]
    [InlineData("II*\0\u0008\0\0\0", "TIFF")]
    [InlineData("MM\0*\0\0\0\u0008", "TIFF")]
    [InlineData("\0\0\0\u001Cftypavif\0\0\0\0", "AVIF")]
    [InlineData("\0\0\0\u001Cftypheic\0\0\0\0", "HEIC")]
    [InlineData("\0\0\0\u000CJXL \r\n", "JPEG XL")]
    [InlineData("%PDF-1.7", "PDF")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG")]
    public void Files_of_other_kinds_are_named(string content, string kind)
    {
        using var folder = new TemporaryFolder();
        var path = folder["photo.jpg"];
        File.WriteAllBytes(path, System.Text.Encoding.Latin1.GetBytes(content));

        foreach (var load in new Action[] { () => RgbImage.Load(path), () => RgbImage.ReadSize(path) })
        {
            var message = Assert.Throws<InvalidDataException>(load).Message;
            Assert.Contains(kind, message, StringComparison.Ordinal);
            Assert.Contains("JPEG, PNG, WebP", message, StringComparison.Ordinal);
        }

        Assert.Contains(kind, Assert.Throws<InvalidDataException>(() => LabelMap.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_called_a_folder()
    {
        using var folder = new TemporaryFolder();
        foreach (var load in new Action[] { () => RgbImage.Load(folder.Root), () => LabelMap.Load(folder.Root), () => RgbImage.ReadSize(folder.Root) })
            Assert.Contains("is a folder", Assert.Throws<InvalidDataException>(load).Message, StringComparison.Ordinal);
    }

    private static byte[] Encoded(string kind) => kind switch
    {
        "jpeg" => Samples.Encode(Samples.Gradient(24, 20), SKEncodedImageFormat.Jpeg),
        "progressive jpeg" => Samples.ProgressiveJpeg,
        "png" => Samples.Encode(Samples.Gradient(12, 10), SKEncodedImageFormat.Png),
        _ => Samples.Png(3, 2, 8, 0, [0, 1, 2, 3, 1, 4, 5, 6]),
    };
}
