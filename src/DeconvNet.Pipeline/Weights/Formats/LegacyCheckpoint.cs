using System.Buffers.Binary;

namespace DeconvNet.Weights.Formats;

/// <summary>
/// A checkpoint from before PyTorch 1.6, like torchvision's older published files: five pickles (magic number, version, system information, the
/// checkpoint, the keys of its storages), then the storages, each preceded by its length.
/// </summary>
internal static class LegacyCheckpoint
{
    private const long Version = 1001;

    /// <summary>The start of such a file: the pickle of its magic number.</summary>
    public static ReadOnlySpan<byte> Magic => [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.'];

    /// <exception cref="InvalidDataException">The file is damaged or contains unsupported objects.</exception>
    public static PyTorchTensors Open(Stream stream, string source)
    {
        var start = stream.Position;
        using var file = new BufferedStream(new StreamRange(stream, start, stream.Length - start), 1 << 16);
        file.Position = Magic.Length;
        if (PickleReader.Read(file, source) is not Version)
            throw new InvalidDataException($"{source}, byte {Magic.Length}: expected version {Version} of the form.");
        if (PickleReader.Read(file, source) is not PickledDict machine || machine.Find("little_endian") is not bool isLittleEndian)
            throw new InvalidDataException($"{source}: the byte order is not given.");
        var sizes = new Dictionary<string, int>(StringComparer.Ordinal);
        var root = PickleReader.Read(file, source, storage => sizes[storage.Key] = storage.Size);
        if (PickleReader.Read(file, source) is not PickledList keys)
            throw new InvalidDataException($"{source}: the list of storages is missing.");

        var storages = new Dictionary<string, (long Start, long Length)>(StringComparer.Ordinal);
        Span<byte> count = stackalloc byte[sizeof(long)];
        foreach (var item in keys.Items)
        {
            if (item is not string key || !sizes.TryGetValue(key, out var size))
                throw new InvalidDataException($"{source}, byte {file.Position}: there is a storage of which the checkpoint knows nothing.");
            WeightValues.ReadExactly(file, count, source);
            var values = isLittleEndian ? BinaryPrimitives.ReadInt64LittleEndian(count) : BinaryPrimitives.ReadInt64BigEndian(count);
            if (values < 0 || values > (file.Length - file.Position) / size)
                throw new InvalidDataException($"{source}, byte {file.Position}: storage '{StoredName.Show(key)}' claims {values} values of {size} bytes where {file.Length - file.Position} bytes are left.");
            if (!storages.TryAdd(key, (start + file.Position, values * size)))
                throw new InvalidDataException($"{source}, byte {file.Position}: storage '{StoredName.Show(key)}' stands twice.");
            file.Position += values * size;
        }

        return new(stream, source, StateDict.Find(root, source), storages, !isLittleEndian);
    }
}
