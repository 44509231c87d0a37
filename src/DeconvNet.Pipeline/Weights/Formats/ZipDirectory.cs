using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace DeconvNet.Weights.Formats;

/// <summary>
/// The directory of a zip archive (PKWARE's APPNOTE, with ZIP64). Unlike <see cref="ZipArchive"/>, it exposes the position of the data,
/// so that uncompressed entries allow random access, and it rejects what no writer of weights produces: overlapping entries, encryption,
/// and zip bombs.
/// </summary>
internal sealed class ZipDirectory
{
    private const int EndLength = 22;
    private const int LocatorLength = 20;
    private const int LargeEndLength = 56;
    private const int RecordLength = 46;
    private const int LocalLength = 30;
    private const int MaxDirectoryLength = 1 << 26;
    private const int MaxEntries = 100_000;
    private const int MaxRatio = 100;
    private const long FreeUnpackedLength = 1 << 26;

    private readonly Stream stream;
    private readonly string source;
    private readonly List<ZipEntry> entries = [];

    private ZipDirectory(Stream stream, string source)
    {
        this.stream = stream;
        this.source = source;
        Start = stream.Position;
    }

    /// <summary>Position of the archive in its stream.</summary>
    public long Start { get; }

    /// <summary>The entries in directory order; names are unique.</summary>
    public IReadOnlyList<ZipEntry> Entries => entries;

    /// <exception cref="InvalidDataException">The archive is damaged or implausible.</exception>
    public static ZipDirectory Read(Stream stream, string source)
    {
        var zip = new ZipDirectory(stream, source);
        var (offset, length, count) = zip.FindDirectory();
        zip.ReadRecords(offset, length, count);
        zip.CheckPlaces(offset);
        return zip;
    }

    public ZipEntry? Find(string name) => entries.Find(entry => entry.Name == name);

    /// <summary>Opens the decompressed content, which is seekable for an uncompressed entry.</summary>
    public Stream Open(ZipEntry entry)
    {
        var range = new StreamRange(stream, Start + entry.DataStart, entry.PackedLength);
        return entry.IsPacked ? new DeflateStream(range, CompressionMode.Decompress) : range;
    }

    private (long Offset, long Length, long Count) FindDirectory()
    {
        var whole = stream.Length - Start;
        var tail = new byte[(int)Math.Min(whole, EndLength + ushort.MaxValue)];
        var tailStart = whole - tail.Length;
        ReadAt(tailStart, tail);
        for (var at = tail.Length - EndLength; at >= 0; at--)
        {
            var end = tail.AsSpan(at, EndLength);
            if (!end.StartsWith("PK\u0005\u0006"u8) || U16(end, 20) != tail.Length - at - EndLength)
                continue;
            var (offset, length, count) = FindLargeDirectory(tailStart + at) ?? (U32(end, 16), U32(end, 12), U16(end, 10));
            if (offset < 0 || length < 0 || length > MaxDirectoryLength || offset > tailStart + at - length)
                throw Fault(tailStart + at, $"the directory is said to have {length} bytes at {offset}; it must end before byte {tailStart + at} and have at most {MaxDirectoryLength}");
            if (count is < 0 or > MaxEntries || count > length / RecordLength)
                throw Fault(tailStart + at, $"the directory of {length} bytes is said to have {count} entries");
            return (offset, length, count);
        }

        throw Fault(whole, "the zip archive has no directory at its end; it is cut short or something was appended");
    }

    private (long Offset, long Length, long Count)? FindLargeDirectory(long end)
    {
        Span<byte> locator = stackalloc byte[LocatorLength];
        if (end < LocatorLength)
            return null;
        ReadAt(end - LocatorLength, locator);
        if (!locator.StartsWith("PK\u0006\u0007"u8))
            return null;

        var at = I64(locator, 8);
        Span<byte> large = stackalloc byte[LargeEndLength];
        if (at < 0 || at > end - LocatorLength - LargeEndLength)
            throw Fault(end - LocatorLength, $"the 64-bit end of the directory is said to be at {at}");
        ReadAt(at, large);
        return large.StartsWith("PK\u0006\u0006"u8)
            ? (I64(large, 48), I64(large, 40), I64(large, 32))
            : throw Fault(at, "the 64-bit end of the directory is not there");
    }

    private void ReadRecords(long offset, long length, long count)
    {
        var directory = new byte[(int)length];
        ReadAt(offset, directory);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var at = 0;
        for (var i = 0L; i < count; i++)
        {
            var record = directory.AsSpan(at);
            if (record.Length < RecordLength || !record.StartsWith("PK\u0001\u0002"u8))
                throw Fault(offset + at, $"entry {i} of {count} is missing in the directory");
            var (nameLength, extraLength) = (U16(record, 28), U16(record, 30));
            var recordLength = RecordLength + nameLength + extraLength + U16(record, 32);
            if (record.Length < recordLength)
                throw Fault(offset + at, $"entry {i} is longer than the directory");

            var name = Encoding.UTF8.GetString(record.Slice(RecordLength, nameLength));
            if (!names.Add(name))
                throw Fault(offset + at, $"the entry '{name}' stands twice");
            entries.Add(ReadEntry(record, name, record.Slice(RecordLength + nameLength, extraLength), offset + at));
            at += recordLength;
        }
    }

    private ZipEntry ReadEntry(ReadOnlySpan<byte> record, string name, ReadOnlySpan<byte> extra, long place)
    {
        var (flags, method) = (U16(record, 8), U16(record, 10));
        long packed = U32(record, 20), length = U32(record, 24), header = U32(record, 42);
        ReadLarge(extra, ref length, ref packed, ref header);
        if ((flags & 1) != 0)
            throw Fault(place, $"the entry '{name}' is encrypted");
        if (method is not (0 or 8))
            throw Fault(place, $"the entry '{name}' is packed by method {method}; known are 0 (stored) and 8 (deflate)");
        if (length < 0 || packed < 0 || (method == 0 && length != packed))
            throw Fault(place, $"the entry '{name}' claims {length} bytes of which {packed} are in the archive");
        if (header < 0 || header > place - LocalLength)
            throw Fault(place, $"the entry '{name}' is said to be at {header}");

        Span<byte> local = stackalloc byte[LocalLength];
        ReadAt(header, local);
        if (!local.StartsWith("PK\u0003\u0004"u8))
            throw Fault(header, $"the entry '{name}' does not begin here");
        return new(name, method == 8, length, packed, header, header + LocalLength + U16(local, 26) + U16(local, 28));
    }

    // The ZIP64 field holds, in this order, only the numbers that do not fit in 32 bits.
    private static void ReadLarge(ReadOnlySpan<byte> extra, ref long length, ref long packed, ref long header)
    {
        while (extra.Length >= 4)
        {
            var field = extra[4..][..Math.Min(U16(extra, 2), extra.Length - 4)];
            if (U16(extra, 0) == 1)
            {
                Take(ref length, ref field);
                Take(ref packed, ref field);
                Take(ref header, ref field);
                return;
            }

            extra = extra[(4 + field.Length)..];
        }

        static void Take(ref long value, ref ReadOnlySpan<byte> field)
        {
            if (value != uint.MaxValue || field.Length < 8)
                return;
            value = I64(field, 0);
            field = field[8..];
        }
    }

    private void CheckPlaces(long directory)
    {
        var end = 0L;
        foreach (var entry in entries.OrderBy(entry => entry.HeaderStart))
        {
            if (entry.HeaderStart < end)
                throw Fault(entry.HeaderStart, $"the entry '{entry.Name}' overlaps the one before, which ends at {end}");
            if (entry.DataStart > directory || entry.PackedLength > directory - entry.DataStart)
                throw Fault(entry.HeaderStart, $"the entry '{entry.Name}' of {entry.PackedLength} bytes runs into the directory at {directory}");
            end = entry.DataEnd;
        }

        var unpacked = entries.Aggregate(Int128.Zero, (sum, entry) => sum + entry.Length);
        var packed = entries.Aggregate(Int128.Zero, (sum, entry) => sum + entry.PackedLength);
        if (unpacked > FreeUnpackedLength && unpacked / MaxRatio > packed)
            throw Fault(directory, $"the entries unpack to {unpacked} bytes from {packed}, more than {MaxRatio} times as many");
    }

    private void ReadAt(long position, Span<byte> bytes)
    {
        stream.Position = Start + position;
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw Fault(position, "the archive ends here");
    }

    private InvalidDataException Fault(long position, string what) => new($"{source}, byte {position}: {what}.");

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long I64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
}
