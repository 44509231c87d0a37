using System.Buffers.Binary;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Tests.Weights;

/// <summary>Archives whose directory is wrong.</summary>
public sealed class ZipDirectoryTests
{
    private static readonly byte[] Sound = ZipBytes.Stored(("a", [1, 2, 3, 4]), ("b", [5, 6, 7, 8]));

    private static int Directory => Sound.AsSpan().IndexOf("PK\u0001\u0002"u8);

    private static int End => Sound.AsSpan().LastIndexOf("PK\u0005\u0006"u8);

    public static TheoryData<string, byte[], string> Faults => new()
    {
        { "no directory", Sound[..^1], "no directory at its end" },
        { "something behind", [.. Sound, 0], "no directory at its end" },
        { "a directory too long", With(End + 12, BitConverter.GetBytes(int.MaxValue)), "the directory is said to have" },
        { "a directory too far", With(End + 16, BitConverter.GetBytes(int.MaxValue)), "the directory is said to have" },
        { "too many entries", With(End + 10, [0xFF, 0x7F]), "32767 entries" },
        { "an entry too many", With(End + 10, [3, 0]), "is said to have 3 entries" },
        { "encrypted", With(Directory + 8, [1, 0]), "encrypted" },
        { "another method", With(Directory + 10, [12, 0]), "method 12" },
        { "a longer entry", With(Directory + 24, BitConverter.GetBytes(5)), "claims 5 bytes of which 4" },
        { "a much longer entry", With(Directory + 20, [.. BitConverter.GetBytes(1 << 30), .. BitConverter.GetBytes(1 << 30)]), "runs into the directory" },
        { "a header elsewhere", With(Directory + 42, BitConverter.GetBytes(1)), "does not begin here" },
        { "a header behind", With(Directory + 42, BitConverter.GetBytes(int.MaxValue)), "is said to be at 2147483647" },
        { "one place twice", With(Sound.AsSpan().LastIndexOf("PK\u0001\u0002"u8) + 42, BitConverter.GetBytes(0)), "overlaps" },
        { "one name twice", With(Sound.AsSpan().LastIndexOf("PK\u0001\u0002"u8) + 46, "a"u8), "stands twice" },
    };

    [Fact]
    public void The_sound_archive_that_the_others_are_made_from_is_read()
    {
        var stream = new MemoryStream(Sound);
        var zip = ZipDirectory.Read(stream, "crafted");
        using var content = zip.Open(zip.Find("b")!);
        var bytes = new byte[5];
        Assert.Equal(4, content.Read(bytes));
        Assert.Equal([5, 6, 7, 8, 0], bytes);
    }

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void A_directory_that_lies_is_refused(string fault, byte[] bytes, string expected)
    {
        var error = Assert.Throws<InvalidDataException>(() => ZipDirectory.Read(new MemoryStream(bytes), "crafted"));
        Assert.True(error.Message.Contains(expected, StringComparison.Ordinal), $"{fault}: {error.Message}");
    }

    [Fact]
    public void Sixty_four_bit_sizes_are_read()
    {
        // The field of the first entry's three numbers, and the 64-bit end of the directory.
        var record = Sound.AsSpan(Directory, 47).ToArray();
        record.AsSpan(20, 8).Fill(0xFF);
        record.AsSpan(42, 4).Fill(0xFF);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(30), 28);
        byte[] directory = [.. record, 1, 0, 24, 0, .. BitConverter.GetBytes(4L), .. BitConverter.GetBytes(4L), .. BitConverter.GetBytes(0L)];
        var start = (long)Directory;
        byte[] large = [.. "PK\u0006\u0006"u8, .. BitConverter.GetBytes(44L), .. new byte[12], .. BitConverter.GetBytes(1L), .. BitConverter.GetBytes(1L), .. BitConverter.GetBytes((long)directory.Length), .. BitConverter.GetBytes(start)];
        byte[] locator = [.. "PK\u0006\u0007"u8, 0, 0, 0, 0, .. BitConverter.GetBytes(start + directory.Length), 1, 0, 0, 0];
        byte[] end = [.. "PK\u0005\u0006"u8, 0, 0, 0, 0, .. Enumerable.Repeat((byte)0xFF, 12), 0, 0];
        var zip = ZipDirectory.Read(new MemoryStream([.. Sound[..Directory], .. directory, .. large, .. locator, .. end]), "large");
        Assert.Equal(("a", 4L), (zip.Entries[0].Name, zip.Entries[0].Length));
    }

    private static byte[] With(int at, ReadOnlySpan<byte> bytes)
    {
        var changed = Sound.ToArray();
        bytes.CopyTo(changed.AsSpan(at));
        return changed;
    }
}
