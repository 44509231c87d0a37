using System.Buffers.Binary;

namespace DeconvNet.Weights.Formats;

/// <summary>Detects the format of a file from its content.</summary>
internal static class WeightsFormats
{
    private const int TarMagicOffset = 257;
    private const int HeadLength = 1024;

    /// <summary>Opens the tensors of a stream, which is left open.</summary>
    /// <exception cref="InvalidDataException">The format is unknown, or the file is damaged.</exception>
    public static (WeightsFormat Format, ITensorReader Tensors) Open(Stream stream, string source)
    {
        Span<byte> head = stackalloc byte[HeadLength];
        var start = stream.Position;
        head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        stream.Position = start;

        // A caffemodel has text where a safetensors file has the upper bytes of the header length, so it cannot be mistaken for one.
        if (head is [_, _, _, _, _, _, _, _, (byte)'{', ..] && BinaryPrimitives.ReadUInt64LittleEndian(head) < 1UL << 40)
            return (WeightsFormat.Safetensors, new SafetensorsFile(stream, source));
        if (head.StartsWith("PK\u0003\u0004"u8))
            return OpenZip(stream, source);
        if (head.StartsWith(NpyHeader.Magic))
            return (WeightsFormat.Numpy, NumpyTensors.OpenArray(stream, source));
        if (head.StartsWith(LegacyCheckpoint.Magic))
            return (WeightsFormat.PyTorch, LegacyCheckpoint.Open(stream, source));
        if (head is [0x80, >= 2 and <= 5, ..])
            throw new InvalidDataException($"{source}, byte 0: this is a Python pickle, but none that torch.save wrote. {PickleReader.Advice}");
        if (head.Length >= TarMagicOffset + 5 && head[TarMagicOffset..].StartsWith("ustar"u8))
        {
            throw new InvalidDataException(
                $"{source}, byte 0: this is a tar archive, the form of checkpoints of the first versions of PyTorch, which is not read. {PickleReader.Advice}");
        }

        if (ForeignWeights.Describe(head) is { } foreign)
            throw new InvalidDataException($"{source}, byte 0: {foreign}");
        if (head.Length > 1 && IsCaffe(head))
            return (WeightsFormat.Caffemodel, new CaffemodelTensors(stream, source));
        if (head is [_, _, _, _, _, _, _, _, (byte)'{', ..])
            return (WeightsFormat.Safetensors, new SafetensorsFile(stream, source));
        throw new InvalidDataException($"{source}, byte 0: this is neither a safetensors file nor a caffemodel, a PyTorch checkpoint or a NumPy file{(head.IsEmpty ? "; it is empty" : "")}.");
    }

    private static (WeightsFormat Format, ITensorReader Tensors) OpenZip(Stream stream, string source)
    {
        var zip = ZipDirectory.Read(stream, source);
        if (zip.Entries.Any(entry => ZipCheckpoint.IsPickle(entry.Name)))
            return (WeightsFormat.PyTorch, ZipCheckpoint.Open(zip, stream, source));
        if (zip.Entries.Count > 0 && zip.Entries.All(entry => entry.Name.EndsWith(NumpyTensors.Extension, StringComparison.Ordinal)))
            return (WeightsFormat.Numpy, NumpyTensors.OpenArchive(zip, source));
        var found = zip.Entries.Any(entry => entry.Name.EndsWith(".h5", StringComparison.Ordinal))
            ? "it looks like a .keras file. In Python: import numpy; numpy.savez('weights.npz', **{weight.path: weight.numpy() for weight in model.weights})"
            : $"its first of {zip.Entries.Count} entries is '{zip.Entries.Select(entry => entry.Name).FirstOrDefault("")}'";
        throw new InvalidDataException($"{source}: this zip archive is neither a PyTorch checkpoint (no data.pkl) nor a NumPy .npz (.npy entries only); {found}.");
    }

    // The first field of a NetParameter: name (1), layer (2 or 100), or input (3), all length-delimited.
    private static bool IsCaffe(ReadOnlySpan<byte> head) => head[0] is 0x0A or 0x12 or 0x1A || head.StartsWith((ReadOnlySpan<byte>)[0xA2, 0x06]);
}
