using DeconvNet.Imaging.Png;

namespace DeconvNet.Imaging;

public sealed partial class LabelMap
{
    private const string Expected = "a mask";

    /// <summary>
    /// Reads a mask by index: a palette PNG (as VOC's) or a gray PNG of 1, 2, 4 or 8 bits.
    /// Colors play no part: the stored number of a pixel is its class id.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">How much memory the file may ask for; <see cref="ImageLimits.Default"/> if null.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is truncated, corrupt, too large, no PNG, or holds colors instead of class ids; the message names it.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range.</exception>
    public static LabelMap Load(string path, ImageLimits? limits = null)
    {
        using var stream = InputFile.Open(path, Expected);
        return Decode(stream, path, limits);
    }

    /// <summary>The same without blocking the thread: see <see cref="Load"/>, for the exceptions too.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">How much memory the file may ask for; <see cref="ImageLimits.Default"/> if null.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static async Task<LabelMap> LoadAsync(string path, ImageLimits? limits = null, CancellationToken cancellationToken = default)
    {
        using var stream = InputFile.Open(path, Expected);
        return await DecodeAsync(stream, path, limits, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a mask from the rest of a stream; see <see cref="Load"/>.</summary>
    /// <param name="stream">Read to its end, not disposed.</param>
    /// <param name="name">What error messages call it.</param>
    /// <param name="limits">How much memory it may ask for; <see cref="ImageLimits.Default"/> if null.</param>
    /// <exception cref="InvalidDataException">As for <see cref="Load"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range.</exception>
    public static LabelMap Decode(Stream stream, string name = "stream", ImageLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Decode(InputFile.ReadAll(stream, name, (limits ?? ImageLimits.Default).MaxBytes).Span, name, limits);
    }

    /// <summary>Reads a mask from the rest of a stream without blocking on it; see <see cref="Load"/>.</summary>
    /// <param name="stream">Read to its end, not disposed.</param>
    /// <param name="name">What error messages call it.</param>
    /// <param name="limits">How much memory it may ask for; <see cref="ImageLimits.Default"/> if null.</param>
    /// <param name="cancellationToken">Stops reading.</param>
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
    /// <param name="name">What error messages call it.</param>
    /// <param name="limits">How much memory it may ask for; <see cref="ImageLimits.Default"/> if null.</param>
    /// <exception cref="InvalidDataException">As for <see cref="Load"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range.</exception>
    public static LabelMap Decode(ReadOnlySpan<byte> png, string name = "bytes", ImageLimits? limits = null)
    {
        var chosen = limits ?? ImageLimits.Default;
        chosen.Validate();
        var (width, height, indices) = IndexedPngReader.Read(png, name, chosen.MaxPixels);
        return new LabelMap(width, height, indices);
    }

    /// <summary>The map as an 8-bit palette PNG file in VOC's colors.</summary>
    public byte[] EncodePng() => IndexedPngWriter.Encode(Width, Height, pixels, VocPalette.Bytes);

    /// <summary>Writes an 8-bit palette PNG in VOC's colors; an existing file is replaced as a whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SavePng(string path) => AtomicFile.Write(path, SavePng);

    /// <summary>Writes an 8-bit palette PNG in VOC's colors to a stream.</summary>
    /// <param name="stream">Receives the file, not disposed.</param>
    public void SavePng(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        IndexedPngWriter.Write(stream, Width, Height, pixels, VocPalette.Bytes);
    }

    /// <summary>The same without blocking the thread: see <see cref="SavePng(string)"/>, for the exceptions too.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops before the file is written.</param>
    public Task SavePngAsync(string path, CancellationToken cancellationToken = default) => Task.Run(() => SavePng(path), cancellationToken);

    /// <summary>Writes an 8-bit palette PNG in VOC's colors to a stream, without blocking on it.</summary>
    /// <param name="stream">Receives the file, not disposed.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    public async Task SavePngAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        await stream.WriteAsync(EncodePng(), cancellationToken).ConfigureAwait(false);
    }
}
