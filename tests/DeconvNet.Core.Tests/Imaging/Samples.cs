using System.Buffers.Binary;
using System.IO.Compression;
using DeconvNet.Imaging;
using DeconvNet.Imaging.Png;
using SkiaSharp;

namespace DeconvNet.Tests.Imaging;

/// <summary>Small images and encoded files, built in code.</summary>
internal static class Samples
{
    /// <summary>A 32×24 gradient, JPEG in progressive form.</summary>
    public static byte[] ProgressiveJpeg { get; } = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYV"
        + "FSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wgARCAAYACADASIAAhEBAxEB/8QAGAABAQEBAQAAAAAAAAAAAAAAAwAEAgX/"
        + "xAAXAQEBAQEAAAAAAAAAAAAAAAADBQQG/9oADAMBAAIQAxAAAAHxW0NoPOulhp8NQc4rUNL/xAAWEAADAAAAAAAAAAAAAAAAAAAAAQL/2gAIAQEAAQUCUikUikUikUikUikUik//xAAX"
        + "EQEBAQEAAAAAAAAAAAAAAAADAAEC/9oACAEDAQE/ASWJYuti62//xAAXEQADAQAAAAAAAAAAAAAAAAAAAQID/9oACAECAQE/Aa0K0G2U2f/EABQQAQAAAAAAAAAAAAAAAAAAADD/2gAI"
        + "AQEABj8CT//EABQQAQAAAAAAAAAAAAAAAAAAADD/2gAIAQEAAT8hRVVVX//aAAwDAQACAAMAAAAQPQD/AP/EABQRAQAAAAAAAAAAAAAAAAAAACD/2gAIAQMBAT8QCgf/xAAUEQEAAAAA"
        + "AAAAAAAAAAAAAAAg/9oACAECAQE/EAuX/8QAFRABAQAAAAAAAAAAAAAAAAAAAGH/2gAIAQEAAT8Qmmmmmmmmmmmm/9k=");

    /// <summary>A 16×8 JPEG in CMYK with Adobe's marker.</summary>
    public static byte[] CmykJpeg { get; } = Convert.FromBase64String(
        "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwANCQoLCggNCwoLDg4NDxMgFRMSEhMnHB4XIC4pMTAuKS0sMzpKPjM2RjcsLUBXQUZMTlJTUjI+WmFaUGBKUVJP/8AAFAgACAAQBEMRAE0RAFkR"
        + "AEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYn"
        + "KCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq"
        + "8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD06vMK8wr06vmKvp2vp2iv/9k=");

    public static RgbImage Gradient(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        for (var i = 0; i < width * height; i++)
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = ((byte)(i % width * 7), (byte)(i / width * 9), (byte)(i * 5));

        return new RgbImage(width, height, pixels);
    }

    public static byte[] Encode(RgbImage image, SKEncodedImageFormat format, int quality = 90)
    {
        using var bitmap = image.ToBitmap();
        using var data = bitmap.Encode(format, quality);
        return data.ToArray();
    }

    /// <summary>Puts an EXIF segment that holds nothing but an orientation behind the start of a JPEG.</summary>
    public static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }

    /// <summary>Adds to a WebP an EXIF chunk that holds nothing but an orientation.</summary>
    public static byte[] WebpWithOrientation(byte[] webp, int width, int height, byte orientation, bool prefix)
    {
        byte[] exif = [.. prefix ? "Exif\0\0"u8 : [], .. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];
        byte[] chunks = webp.AsSpan(12).StartsWith("VP8X"u8)
            ? webp[12..]
            : [.. "VP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, (byte)(width - 1), 0, 0, (byte)(height - 1), 0, 0, .. webp.AsSpan(12)];
        chunks[8] |= 8;
        byte[] content = [.. "WEBP"u8, .. chunks, .. "EXIF"u8, (byte)exif.Length, 0, 0, 0, .. exif];
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
        return [.. "RIFF"u8, .. length, .. content];
    }

    /// <summary>A PNG from its header fields and its raw rows, filter bytes included.</summary>
    public static byte[] Png(uint width, uint height, byte bits, byte colorType, byte[] raw, byte interlace = 0, byte[]? transparency = null)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(header, width);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = (bits, colorType, interlace);
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(raw);

        using var png = new MemoryStream();
        png.Write(PngChunk.Signature);
        PngChunk.Write(png, "IHDR"u8, header);
        if (colorType == 3)
            PngChunk.Write(png, "PLTE"u8, VocPalette.Bytes[..(3 << bits)]);

        if (transparency is not null)
            PngChunk.Write(png, "tRNS"u8, transparency);

        // Two chunks of data, as writers with small buffers make them.
        var data = compressed.ToArray();
        PngChunk.Write(png, "IDAT"u8, data.AsSpan(0, data.Length / 2));
        PngChunk.Write(png, "IDAT"u8, data.AsSpan(data.Length / 2));
        PngChunk.Write(png, "IEND"u8, []);
        return png.ToArray();
    }
}
