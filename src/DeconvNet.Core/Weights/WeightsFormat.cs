using System.Buffers.Binary;

namespace DeconvNet.Weights;

/// <summary>Format of a weights file.</summary>
internal enum WeightsFormat
{
    Safetensors,
    Caffemodel,
}

internal static class WeightsFormats
{
    /// <summary>Recognises the format by the first bytes; the stream stays where it is.</summary>
    /// <exception cref="InvalidDataException">It is none of them.</exception>
    public static WeightsFormat Recognise(Stream stream, string source)
    {
        Span<byte> head = stackalloc byte[9];
        var start = stream.Position;
        head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        stream.Position = start;

        // Text stands where the length of a safetensors header has its upper bytes, so a caffemodel cannot be taken for one.
        if (head.Length == 9 && head[8] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(head) < 1UL << 40)
            return WeightsFormat.Safetensors;
        if (head.Length > 1 && IsCaffe(head))
            return WeightsFormat.Caffemodel;
        if (head.Length == 9 && head[8] == '{')
            return WeightsFormat.Safetensors;
        throw new InvalidDataException($"{source}, byte 0: this is neither a safetensors file nor a caffemodel{Guess(head)}.");
    }

    // The first field of a NetParameter: its name (1), a layer (2 or 100), or an input (3), each with a length.
    private static bool IsCaffe(ReadOnlySpan<byte> head) => head[0] is 0x0A or 0x12 or 0x1A || head.StartsWith((ReadOnlySpan<byte>)[0xA2, 0x06]);

    private static string Guess(ReadOnlySpan<byte> head) => head switch
    {
        [] => "; it is empty",
        [(byte)'P', (byte)'K', ..] => "; it looks like a zip archive, such as a PyTorch .pt or a .keras file",
        [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => "; it looks like an HDF5 file, such as Keras' .h5",
        _ => "",
    };
}
