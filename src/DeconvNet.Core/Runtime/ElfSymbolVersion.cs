using System.Buffers.Binary;
using System.Text;

namespace DeconvNet.Runtime;

/// <summary>
/// Edits the symbol versions that an ELF64 little-endian shared library requires of another library
/// (section <c>.gnu.version_r</c>, type <c>SHT_GNU_verneed</c>; System V gABI and LSB, "Symbol Versioning").
/// </summary>
internal static class ElfSymbolVersion
{
    private const uint SectionTypeVersionNeed = 0x6ffffffe;
    private const int HeaderLength = 64;
    private const int SectionHeaderLength = 64;
    private const int AuxiliaryLength = 16;

    /// <summary>
    /// Changes the required version <paramref name="from"/> of <paramref name="library"/> to <paramref name="to"/>, which must be required already,
    /// so that its name and hash are in the file.
    /// </summary>
    /// <returns>Whether <paramref name="image"/> was changed; <see langword="false"/> if it does not require <paramref name="from"/>.</returns>
    /// <exception cref="InvalidDataException">The bytes are not such a library, or it does not require <paramref name="to"/>.</exception>
    public static bool Replace(Span<byte> image, string library, string from, string to)
    {
        int? source = null, target = null;
        foreach (var (entryLibrary, version, offset) in Needs(image))
        {
            if (entryLibrary != library)
                continue;
            if (version == from)
                source = offset;
            else if (version == to)
                target = offset;
        }

        if (source is not { } sourceOffset)
            return false;
        if (target is not { } targetOffset)
            throw new InvalidDataException($"The library asks {library} for {from} but not for {to}, so it cannot be redirected.");

        // vna_hash is the first word of an entry, vna_name the third; flags, index and link stay.
        image.Slice(targetOffset, 4).CopyTo(image[sourceOffset..]);
        image.Slice(targetOffset + 8, 4).CopyTo(image[(sourceOffset + 8)..]);
        return true;
    }

    /// <summary>The required versions: library, version name, and the offset of the entry in the file.</summary>
    /// <exception cref="InvalidDataException">The bytes are not an ELF64 little-endian library, or an offset is out of bounds.</exception>
    internal static List<(string Library, string Version, int Offset)> Needs(ReadOnlySpan<byte> image)
    {
        try
        {
            return ReadNeeds(image);
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("The ELF file is truncated or damaged: an offset leaves the file.", error);
        }
    }

    private static List<(string Library, string Version, int Offset)> ReadNeeds(ReadOnlySpan<byte> image)
    {
        // 0x7f 'E' 'L' 'F', class 2 (64 bits), data 1 (little-endian)
        if (image.Length < HeaderLength || !image[..6].SequenceEqual("\u007fELF\u0002\u0001"u8))
            throw new InvalidDataException("Not an ELF64 little-endian file.");

        var sections = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(image[40..]));
        if (BinaryPrimitives.ReadUInt16LittleEndian(image[58..]) is var length and not SectionHeaderLength)
            throw new InvalidDataException($"The ELF file has section headers of {length} bytes; {SectionHeaderLength} are expected.");

        var count = BinaryPrimitives.ReadUInt16LittleEndian(image[60..]);
        var needs = new List<(string, string, int)>();
        for (var i = 0; i < count; i++)
        {
            var header = image.Slice(sections + (i * SectionHeaderLength), SectionHeaderLength);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != SectionTypeVersionNeed)
                continue;

            var start = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[24..]));
            var linked = checked((int)BinaryPrimitives.ReadUInt32LittleEndian(header[40..]));
            var libraries = BinaryPrimitives.ReadUInt32LittleEndian(header[44..]);
            var stringHeader = image.Slice(sections + (linked * SectionHeaderLength), SectionHeaderLength);
            var strings = image.Slice(
                checked((int)BinaryPrimitives.ReadUInt64LittleEndian(stringHeader[24..])),
                checked((int)BinaryPrimitives.ReadUInt64LittleEndian(stringHeader[32..])));
            ReadLibraries(image, strings, start, libraries, needs);
        }

        return needs;
    }

    private static void ReadLibraries(ReadOnlySpan<byte> image, ReadOnlySpan<byte> strings, int position, uint libraries, List<(string, string, int)> needs)
    {
        for (var i = 0u; i < libraries; i++)
        {
            var need = image.Slice(position, AuxiliaryLength);
            var auxiliaries = BinaryPrimitives.ReadUInt16LittleEndian(need[2..]);
            var library = ReadString(strings, BinaryPrimitives.ReadUInt32LittleEndian(need[4..]));
            var entry = checked(position + (int)BinaryPrimitives.ReadUInt32LittleEndian(need[8..]));
            for (var j = 0; j < auxiliaries; j++)
            {
                var auxiliary = image.Slice(entry, AuxiliaryLength);
                needs.Add((library, ReadString(strings, BinaryPrimitives.ReadUInt32LittleEndian(auxiliary[8..])), entry));
                if (j + 1 < auxiliaries)
                    entry = Next(entry, auxiliary);
            }

            if (i + 1 < libraries)
                position = Next(position, need);
        }
    }

    // Both kinds of entry hold the offset of the next one in their last word; an offset smaller than an entry could loop forever.
    private static int Next(int position, ReadOnlySpan<byte> entry)
    {
        var distance = BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]);
        return distance >= AuxiliaryLength
            ? checked(position + (int)distance)
            : throw new InvalidDataException($"The ELF file's list of versions breaks off at byte {position}.");
    }

    private static string ReadString(ReadOnlySpan<byte> strings, uint offset)
    {
        var rest = strings[checked((int)offset)..];
        var end = rest.IndexOf((byte)0);
        return end >= 0
            ? Encoding.ASCII.GetString(rest[..end])
            : throw new InvalidDataException($"The ELF file's name at {offset} of its string table has no end.");
    }
}
