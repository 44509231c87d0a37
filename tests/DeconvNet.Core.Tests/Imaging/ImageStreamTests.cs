using DeconvNet.Imaging;
using DeconvNet.Imaging.Masks;
using DeconvNet.Segmentation;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Imaging;

public class ImageStreamTests
{
    private static readonly RgbImage Photo = Samples.Gradient(37, 23);
    private static readonly LabelMap Map = new(3, 2, [0, 1, 2, 20, 255, 0]);

    [Fact]
    public void Images_and_maps_are_written_to_bytes_streams_and_files_alike()
    {
        using var folder = new TemporaryFolder();
        using var first = new MemoryStream();
        using var second = new MemoryStream();
        Photo.SavePng(first);
        Map.SavePng(second);
        Photo.SavePng(folder["photo.png"]);
        Map.SavePng(folder["map.png"]);

        Assert.Equal(Photo.EncodePng(), first.ToArray());
        Assert.Equal(Map.EncodePng(), second.ToArray());
        Assert.Equal(Photo.EncodePng(), File.ReadAllBytes(folder["photo.png"]));
        Assert.Equal(Map.EncodePng(), File.ReadAllBytes(folder["map.png"]));
        Assert.Equal(Map.Pixels, LabelMap.Decode(new MemoryStream(Map.EncodePng())).Pixels);
    }

    [Fact]
    public async Task Everything_with_a_PNG_is_written_to_streams_and_files_asynchronously_too()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var cutout = new RgbaImage(2, 1, [1, 2, 3, 4, 5, 6, 7, 8]);
        var mask = new BinaryMask(2, 1, [true, false]);
        var probabilities = new ProbabilityMap(2, 1, [0.25f, 1]);
        var labels = new LabelMap(3, 2, [0, 1, 1, 0, LabelMap.Void, 0]);
        var result = new SegmentationResult(Samples.Gradient(3, 2), labels, ["background", "thing"]);
        await CheckAsync(cutout.EncodePng(), stream => cutout.SavePngAsync(stream, cancellation), path => cutout.SavePngAsync(path, cancellation));
        await CheckAsync(mask.EncodePng(), stream => mask.SavePngAsync(stream, cancellation), path => mask.SavePngAsync(path, cancellation));
        await CheckAsync(probabilities.EncodePng(), stream => probabilities.SavePngAsync(stream, cancellation), path => probabilities.SavePngAsync(path, cancellation));
        await CheckAsync(labels.EncodePng(), stream => result.SavePngAsync(stream, cancellation), path => result.SavePngAsync(path, cancellation));

        async Task CheckAsync(byte[] expected, Func<Stream, Task> toStream, Func<string, Task> toFile)
        {
            using var folder = new TemporaryFolder();
            using var stream = new AsyncOnly();
            await toStream(stream);
            await toFile(folder["image.png"]);
            Assert.Equal(expected, await File.ReadAllBytesAsync(folder["image.png"], cancellation));
            Assert.Equal(expected, stream.ToArray());
        }
    }

    [Fact]
    public async Task Where_synchronous_IO_is_disallowed_the_async_forms_read_and_write()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var photo = new AsyncOnly();
        await Photo.SavePngAsync(photo, cancellation);
        using var map = new AsyncOnly();
        await Map.SavePngAsync(map, cancellation);
        photo.Position = map.Position = 0;

        Assert.Equal(Photo.Pixels.ToArray(), (await RgbImage.DecodeAsync(photo, cancellationToken: cancellation)).Pixels.ToArray());
        Assert.Equal(Map.Pixels.ToArray(), (await LabelMap.DecodeAsync(map, cancellationToken: cancellation)).Pixels.ToArray());
        Assert.Throws<InvalidOperationException>(() => RgbImage.Decode(photo));
    }

    [Fact]
    public async Task Files_are_read_and_written_without_blocking()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await Photo.SavePngAsync(folder["photo.png"], cancellation);
        await Map.SavePngAsync(folder["map.png"], cancellation);

        Assert.Equal(Photo.Pixels.ToArray(), (await RgbImage.LoadAsync(folder["photo.png"], cancellationToken: cancellation)).Pixels.ToArray());
        Assert.Equal(Map.Pixels.ToArray(), (await LabelMap.LoadAsync(folder["map.png"], cancellationToken: cancellation)).Pixels.ToArray());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RgbImage.LoadAsync(folder["photo.png"], cancellationToken: new CancellationToken(true)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Photo.SavePngAsync(folder["none.png"], new CancellationToken(true)));
        Assert.False(File.Exists(folder["none.png"]));
    }

    [Fact]
    public void A_stream_that_fails_gives_its_own_exception_and_the_process_lives_on()
    {
        using var full = new Full();
        Assert.Throws<IOException>(() => Photo.SavePng(full));
        Assert.Throws<IOException>(() => Map.SavePng(full));
    }

    [Fact]
    public void On_a_full_disk_nothing_is_left_behind_and_the_process_lives_on()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full.");
        using var stream = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        Assert.Throws<IOException>(() => Photo.SavePng(stream));
        Assert.Throws<IOException>(() => Map.SavePng(stream));
    }

    [Fact]
    public void A_disposed_bitmap_is_refused()
    {
        var bitmap = Photo.ToBitmap();
        bitmap.Dispose();
        Assert.Throws<ObjectDisposedException>(() => RgbImage.FromBitmap(bitmap));
    }

    private sealed class Full : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("No space left on device");

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device");
    }

    /// <summary>Refuses synchronous calls, as the body of a request or response of ASP.NET Core does.</summary>
    private sealed class AsyncOnly : MemoryStream
    {
        private bool allowed;

        public override int Read(byte[] buffer, int offset, int count) => allowed ? base.Read(buffer, offset, count) : throw Disallowed();

        public override int Read(Span<byte> buffer) => allowed ? base.Read(buffer) : throw Disallowed();

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (!allowed)
                throw Disallowed();

            base.Write(buffer, offset, count);
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            allowed = true;
            var read = Read(buffer.Span);
            allowed = false;
            return read;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            allowed = true;
            Write(buffer.ToArray(), 0, buffer.Length);
            allowed = false;
        }

        private static InvalidOperationException Disallowed() => new("Synchronous operations are disallowed.");
    }
}
