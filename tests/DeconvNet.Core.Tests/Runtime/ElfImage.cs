using System.Buffers.Binary;
using System.Text;

namespace DeconvNet.Tests.Runtime;

/// <summary>The smallest ELF64 file with a list of versions asked for: header, names, list, section headers, in this order and without gaps.</summary>
internal sealed class ElfImage
{
    private readonly List<(string Library, string[] Versions)> needs = [];

    public ElfImage Asks(string library, params string[] versions)
    {
        needs.Add((library, versions));
        return this;
    }

    /// <summary>The hash by which the loader finds a version (System V gABI, "Hash Table").</summary>
    public static uint Hash(string name)
    {
        var hash = 0u;
        foreach (var letter in name)
        {
            hash = (hash << 4) + letter;
            var high = hash & 0xf0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }

        return hash;
    }

    public byte[] Build()
    {
        var names = new List<byte> { 0 };
        uint Name(string text)
        {
            var offset = names.Count;
            names.AddRange([.. Encoding.ASCII.GetBytes(text), 0]);
            return (uint)offset;
        }

        var list = new List<byte>();
        foreach (var (library, versions) in needs)
        {
            var isLast = library == needs[^1].Library;
            list.AddRange(Words16(1, (ushort)versions.Length));
            list.AddRange(Words(Name(library), 16, isLast ? 0 : 16 + (16 * (uint)versions.Length)));
            for (var i = 0; i < versions.Length; i++)
            {
                list.AddRange(Words(Hash(versions[i])));
                list.AddRange(Words16(0, (ushort)(i + 2)));
                list.AddRange(Words(Name(versions[i]), i == versions.Length - 1 ? 0u : 16));
            }
        }

        var image = new List<byte>([0x7f, .. "ELF\u0002\u0001"u8, .. new byte[58]]);
        image.AddRange(names);
        image.AddRange(list);
        var sections = image.Count;
        image.AddRange(new byte[64]);
        image.AddRange(Section(3, 64, names.Count, 0, 0));
        image.AddRange(Section(0x6ffffffe, 64 + names.Count, list.Count, 1, needs.Count));

        var bytes = image.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(40), (ulong)sections);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(58), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(60), 3);
        return bytes;
    }

    private static byte[] Section(uint type, int offset, int size, int link, int info)
    {
        var header = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), type);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(24), offset);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(32), size);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(40), link);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(44), info);
        return header;
    }

    private static byte[] Words(params uint[] words) => [.. words.SelectMany(BitConverter.GetBytes)];

    private static byte[] Words16(params ushort[] words) => [.. words.SelectMany(BitConverter.GetBytes)];
}
