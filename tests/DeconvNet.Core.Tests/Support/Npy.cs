using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace DeconvNet.Tests.Support;

/// <summary>Reads `.npy` files (version 1.0, little-endian, C order), also inside `.gz`; enough for the reference arrays.</summary>
internal sealed record Npy<T>(int[] Shape, T[] Values)
    where T : unmanaged;

internal static partial class Npy
{
    public static Npy<T> Read<T>(string path)
        where T : unmanaged
        => Parse<T>(ReadBytes(path));

    public static Npy<T> Parse<T>(byte[] bytes)
        where T : unmanaged
    {
        var headerLength = BitConverter.ToUInt16(bytes, 8);
        var header = Encoding.ASCII.GetString(bytes, 10, headerLength);
        var code = Descr().Match(header).Groups[1].Value;
        var expected = default(T) switch { float => "f4", double => "f8", byte => "u1", ushort => "u2", int => "i4", long => "i8", _ => "?" };
        Assert.Equal(expected, code);
        Assert.Contains("'fortran_order': False", header, StringComparison.Ordinal);
        var shape = Shape().Match(header).Groups[1].Value
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(side => int.Parse(side, CultureInfo.InvariantCulture))
            .ToArray();
        var values = MemoryMarshal.Cast<byte, T>(bytes.AsSpan(10 + headerLength)).ToArray();
        Assert.Equal(shape.Aggregate(1, (product, side) => product * side), values.Length);
        return new Npy<T>(shape, values);
    }

    private static byte[] ReadBytes(string path)
    {
        if (!path.EndsWith(".gz", StringComparison.Ordinal))
            return File.ReadAllBytes(path);

        using var unpacked = new MemoryStream();
        using (var packed = new GZipStream(File.OpenRead(path), CompressionMode.Decompress))
            packed.CopyTo(unpacked);
        return unpacked.ToArray();
    }

    [GeneratedRegex("'descr': '[<|]([a-z][0-9])'")]
    private static partial Regex Descr();

    [GeneratedRegex(@"'shape': \(([0-9, ]*)\)")]
    private static partial Regex Shape();
}
