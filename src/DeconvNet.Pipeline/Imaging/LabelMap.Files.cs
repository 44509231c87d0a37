using DeconvNet.Imaging.Png;

namespace DeconvNet.Imaging;

public sealed partial class LabelMap
{
    private const string Expected = "a mask";

    /// <summary>
    /// Reads a mask by index from a palette PNG (like VOC's) or a gray PNG of 1, 2, 4 or 8 bits.
    /// Colors are ignored: the stored value of a pixel is its class id.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">Memory limits for decoding; <see cref="ImageLimits.Default"/> if null.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is truncated, corrupt, too large, not a PNG, or holds colors instead of class ids; the message names it.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of range.</exception>
    public static LabelMap Load(string path, ImageLimits? limits = null)
    {
        using var stream = InputFile.Open(path, Expected);
        return Decode(stream, path, limits);
    }

    /// <summary>Asynchronous version of <see cref="Load"/>, with the same exceptions.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">Memory limits for decoding; <see cref="ImageLimits.Default"/> if null.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static async Task<LabelMap> LoadAsync(string path, ImageLimits? limits = null, CancellationToken cancellationToken = default)
    {
        using var stream = InputFile.Open(path, Expected);
        return await DecodeAsync(stream, path, limits, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a mask from the rest of a stream; see <see cref="Load"/>.</summary>
    /// <param name="stream">The stream; it is read to its end and left open.</param>
    /// <param name="name">Name in error messages.</param>
    /// <param name="limits">Memory limits for decoding; <see cref="ImageLimits.Default"/> if null.</param>
    /// <exception cref="InvalidDataException">As for <see cref="Load"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of range.</exception>
    public static LabelMap Decode(Stream stream, string name = "stream", ImageLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Decode(InputFile.ReadAll(stream, name, (limits ?? ImageLimits.Default).MaxBytes).Span, name, limits);
    }

    /// <summary>Reads a mask from the rest of a stream asynchronously; see <see cref="Load"/>.</summary>
    /// <param name="stream">The stream; it is read to its end and left open.</param>
    /// <param name="name">Name in error messages.</param>
    /// <param name="limits">Memory limits for decoding; <see cref="ImageLimits.Default"/> if null.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static async Task<LabelMap> DecodeAsync(
        Stream stream, string name = "stream", ImageLimits? limits = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var bytes = await InputFile.ReadAllAsync(stream, name, (limits ?? ImageLimits.Default).MaxBytes, cancellationToken).ConfigureAwait(false);
        return Decode(bytes.Span, name, limits);
    }

    /// <summary>Reads a mask from the bytes of a file; see <see cref="Load"/>.</summary>
    /// <param name="png">The encoded mask.</param>
    /// <param name="name">Name in error messages.</param>
    /// <param name="limits">Memory limits for decoding; <see cref="ImageLimits.Default"/> if null.</param>
    /// <exception cref="InvalidDataException">As for <see cref="Load"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of range.</exception>
    public static LabelMap Decode(ReadOnlySpan<byte> png, string name = "bytes", ImageLimits? limits = null)
    {
        var chosen = limits ?? ImageLimits.Default;
        chosen.Validate();
        var (width, height, indices) = IndexedPngReader.Read(png, name, chosen.MaxPixels);
        return new LabelMap(width, height, indices);
    }

    /// <summary>Encodes the map as an 8-bit palette PNG with VOC's palette.</summary>
    public byte[] EncodePng() => IndexedPngWriter.Encode(Width, Height, pixels, VocPalette.Bytes);

    /// <summary>Writes an 8-bit palette PNG with VOC's palette; an existing file is replaced atomically.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SavePng(string path) => AtomicFile.Write(path, SavePng);

    /// <summary>Writes an 8-bit palette PNG with VOC's palette to a stream.</summary>
    /// <param name="stream">The stream to write to; it is left open.</param>
    public void SavePng(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        IndexedPngWriter.Write(stream, Width, Height, pixels, VocPalette.Bytes);
    }

    /// <summary>Asynchronous version of <see cref="SavePng(string)"/>, with the same exceptions.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Cancels the work before the file is written.</param>
    public Task SavePngAsync(string path, CancellationToken cancellationToken = default) => Task.Run(() => SavePng(path), cancellationToken);

    /// <summary>Writes an 8-bit palette PNG with VOC's palette to a stream, asynchronously.</summary>
    /// <param name="stream">The stream to write to; it is left open.</param>
    /// <param name="cancellationToken">Cancels writing.</param>
    public async Task SavePngAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        await stream.WriteAsync(EncodePng(), cancellationToken).ConfigureAwait(false);
    }
}
