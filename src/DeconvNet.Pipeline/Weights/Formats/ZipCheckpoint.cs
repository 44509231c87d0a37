using System.Text;

namespace DeconvNet.Weights.Formats;

/// <summary>A checkpoint of PyTorch 1.6 or later: a zip archive with a pickle (<c>data.pkl</c>), one uncompressed entry per storage, and the byte order.</summary>
internal static class ZipCheckpoint
{
    private const string PickleName = "data.pkl";

    public static bool IsPickle(string name) => name == PickleName || name.EndsWith("/" + PickleName, StringComparison.Ordinal);

    /// <exception cref="InvalidDataException">The archive is damaged or contains unsupported objects.</exception>
    public static PyTorchTensors Open(ZipDirectory zip, Stream stream, string source)
    {
        var pickle = zip.Entries.Where(entry => IsPickle(entry.Name)).ToArray() is [var single]
            ? single
            : throw new InvalidDataException($"{source}: the archive has several entries {PickleName}.");
        var folder = pickle.Name[..^PickleName.Length];
        if (zip.Find(folder + "constants.pkl") is not null)
            throw new InvalidDataException($"{source}: this is a TorchScript archive, which holds code beside its tensors. {PickleReader.Advice}.");
        if (zip.Entries.FirstOrDefault(entry => entry.IsPacked) is { } packed)
            throw new InvalidDataException($"{source}: the entry '{packed.Name}' is packed; PyTorch stores all entries as they are, so another program wrote this archive.");

        // Entries are uncompressed, so their values can be read directly from the file.
        var storages = zip.Entries
            .Where(entry => entry.Name.StartsWith(folder + "data/", StringComparison.Ordinal))
            .ToDictionary(entry => entry.Name[(folder.Length + "data/".Length)..], entry => (zip.Start + entry.DataStart, entry.Length), StringComparer.Ordinal);
        using var range = zip.Open(pickle);
        using var buffered = new BufferedStream(range, 1 << 16);
        var tensors = StateDict.Find(PickleReader.Read(buffered, $"{source}, {PickleName}"), source);
        return new(stream, source, tensors, storages, IsBigEndian(zip, zip.Find(folder + "byteorder"), source));
    }

    // Older versions of PyTorch did not store the byte order; nearly all machines were little-endian.
    private static bool IsBigEndian(ZipDirectory zip, ZipEntry? entry, string source)
    {
        if (entry is null)
            return false;
        using var stream = zip.Open(entry);
        Span<byte> order = stackalloc byte[8];
        order = order[..stream.ReadAtLeast(order, order.Length, throwOnEndOfStream: false)];
        return order.SequenceEqual("big"u8) || (order.SequenceEqual("little"u8)
            ? false
            : throw new InvalidDataException($"{source}: the byte order is '{StoredName.Show(Encoding.Latin1.GetString(order))}'; expected little or big."));
    }
}
