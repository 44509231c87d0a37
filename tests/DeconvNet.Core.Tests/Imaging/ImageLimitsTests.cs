using DeconvNet.Imaging;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Imaging;

public class ImageLimitsTests
{
    [Fact]
    public void A_tiny_file_that_claims_millions_of_pixels_is_refused_before_memory_is_taken()
    {
        var gif = BadFiles.Bytes("canvas.gif");
        BadFiles.AssertAllocatesAtMost(1 << 20, () =>
            Assert.Contains("11585×11585 pixels in 35 bytes", Assert.Throws<InvalidDataException>(() => RgbImage.Decode(gif)).Message, StringComparison.Ordinal));
        Assert.Throws<InvalidDataException>(() => RgbImage.ReadSize(BadFiles.Path("canvas.gif")));
    }

    [Fact]
    public void Pictures_of_one_color_are_read_although_their_files_are_tiny()
    {
        var image = new RgbImage(2000, 2000, new byte[12_000_000]);
        var png = image.EncodePng();
        Assert.InRange(png.Length, 1, 2000 * 2000 / 100);
        Assert.Equal(image.Size, RgbImage.Decode(png).Size);
    }

    [Fact]
    public void Every_limit_can_be_set()
    {
        var png = Samples.Gradient(40, 30).EncodePng();
        Assert.Equal(40, RgbImage.Decode(png, limits: new ImageLimits { MaxPixels = 1200 }).Width);
        Assert.Throws<InvalidDataException>(() => RgbImage.Decode(png, limits: new ImageLimits { MaxPixels = 1199 }));

        using var stream = new MemoryStream(png);
        Assert.Throws<InvalidDataException>(() => RgbImage.Decode(stream, limits: new ImageLimits { MaxBytes = png.Length - 1 }));
        using var endless = new Endless();
        Assert.Throws<InvalidDataException>(() => RgbImage.Decode(endless, limits: new ImageLimits { MaxBytes = 1 << 20 }));
        Assert.Throws<InvalidDataException>(() => LabelMap.Decode(endless, limits: new ImageLimits { MaxBytes = 1 << 20 }));

        var gif = BadFiles.Bytes("canvas.gif");
        (gif[6], gif[7], gif[8], gif[9]) = (0, 16, 0, 16);
        var generous = new ImageLimits { MaxPixelsPerByte = 1_000_000 };
        Assert.DoesNotContain("pixels a byte", Assert.Throws<InvalidDataException>(() => RgbImage.Decode(gif, limits: generous)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => RgbImage.Decode(png, limits: new ImageLimits { MaxPixels = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => RgbImage.Decode(png, limits: new ImageLimits { MaxPixelsPerByte = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => LabelMap.Decode(png, limits: new ImageLimits { MaxBytes = 0 }));
    }

    [Fact]
    public void A_file_above_2_GB_is_refused_by_its_size()
    {
        using var folder = new TemporaryFolder();
        using (var file = File.Create(folder["large.png"]))
            file.SetLength(3_000_000_000);

        foreach (var load in new Action[] { () => RgbImage.Load(folder["large.png"]), () => LabelMap.Load(folder["large.png"]), () => RgbImage.ReadSize(folder["large.png"]) })
            Assert.Contains("3000000000 bytes", Assert.Throws<InvalidDataException>(load).Message, StringComparison.Ordinal);
    }

    /// <summary>A stream without end and without length, as a pipe.</summary>
    private sealed class Endless : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => count;

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
