using System.IO.Compression;
using System.Text;
using DeconvNet.Tests.Support;
using DeconvNet.Weights.Formats;
using static DeconvNet.Tests.Weights.WeightsFiles;

namespace DeconvNet.Tests.Weights;

/// <summary>Arrays written by NumPy itself, and crafted ones.</summary>
public sealed class NumpyFileTests
{
    public static TheoryData<string, byte[], string> Faults => new()
    {
        { "objects", File.ReadAllBytes(Reference("numpy", "object.npy")), "pickled Python objects" },
        { "format 9", [.. Magic(9, 0), 0, 0], "format 1, 2 or 3" },
        { "a header of 4 GB", [.. Magic(2, 0), 0xFF, 0xFF, 0xFF, 0xFF], "claims 4294967295 bytes" },
        { "a header cut short", [.. Magic(1, 0), 100, 0, (byte)'{'], "ends before" },
        { "too few values", Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", 8), "8 bytes of values are there" },
        { "too many values", Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 8), "8 bytes of values are there" },
        { "sides that overflow", Npy("{'descr': '<f4', 'fortran_order': True, 'shape': (9223372036854775807, 3), }", 8), "is impossible" },
        { "a side beyond 64 bits", Npy("{'descr': '<f4', 'fortran_order': True, 'shape': (9223372036854775808,), }", 8), "expected a side" },
        { "a negative side", Npy("{'descr': '<f4', 'fortran_order': True, 'shape': (-1,), }", 8), "expected a side" },
        { "33 axes", Npy($"{{'descr': '<f4', 'fortran_order': True, 'shape': ({string.Concat(Enumerable.Repeat("1, ", 33))}), }}", 4), "more than 32 axes" },
        { "text", Npy("{'descr': '<U4', 'fortran_order': False, 'shape': (1,), }", 16), "none of numbers" },
        { "complex", Npy("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", 8), "none of numbers" },
        { "a structure", Npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", 4), "structured" },
        { "no byte order", Npy("{'descr': 'f4', 'fortran_order': False, 'shape': (1,), }", 4), "no byte order" },
        { "a call", Npy("{'descr': __import__('os'), 'fortran_order': False, 'shape': (1,), }", 4), "expected a string" },
        { "no order", Npy("{'descr': '<f4', 'shape': (1,), }", 4), "lacks descr" },
        { "an order of neither kind", Npy("{'descr': '<f4', 'fortran_order': None, 'shape': (1,), }", 4), "True or False" },
        { "a key twice", Npy("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 4), "stands twice" },
        { "more behind", Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } 1", 4), "end of the header" },
        { "an archive of objects", ZipBytes.Stored(("a.npy", File.ReadAllBytes(Reference("numpy", "object.npy")))), "'a': the array holds pickled" },
        { "damaged packing", ZipBytes.Make(CompressionLevel.Optimal, ("a.npy", Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1000,), }", 4000))).Select((value, i) => i is >= 40 and < 60 ? (byte)0xFF : value).ToArray(), "array 'a': the packed data is damaged" },
        { "a bomb", ZipBytes.Make(CompressionLevel.Optimal, ("a.npy", Npy($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({1 << 25},), }}", 1 << 27))), "more than 100 times as many" },
        { "something else besides", ZipBytes.Stored(("a.npy", Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 4)), ("b.txt", [1])), "neither a PyTorch checkpoint" },
        { "a Keras 3 file", ZipBytes.Stored(("config.json", [1]), ("model.weights.h5", [1])), "looks like a .keras file" },
    };

    [Fact]
    public void Every_type_and_order_is_read()
    {
        using var file = WeightsFile.Open(Reference("numpy", "types.npz"));
        Assert.Equal(WeightsFormat.Numpy, file.Format);
        foreach (var (name, type) in ((string, WeightType)[])[("f2", WeightType.F16), ("f4", WeightType.F32), ("f8", WeightType.F64), ("big", WeightType.F32), ("fortran", WeightType.F32)])
        {
            Assert.Equal(type, file.Find(name)!.Type);
            Assert.Equal([2, 3, 4], file.Find(name)!.Shape);
            Assert.Equal(Pattern(24, 7), file.Values(name));
        }

        Assert.Equal([0, 1, 2, 3, 4, 5], file.Values("whole"));
        Assert.Equal([7.5f], file.Values("scalar"));
        Assert.Empty(file.Find("scalar")!.Shape);
        Assert.Equal([0, 3], file.Find("empty")!.Shape);
    }

    [Fact]
    public void A_single_array_has_the_name_of_its_file()
    {
        using var file = WeightsFile.Open(Reference("numpy", "fortran.npy"));
        Assert.Equal(["fortran"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(Pattern(24, 7), file.Values("fortran"));
    }

    [Fact]
    public void The_first_layers_of_VGG_16_are_read()
    {
        using var file = WeightsFile.Open(SharedData.Path("weights", "vgg16_block1_block2.npz"));
        Assert.Equal(8, file.Tensors.Count);
        Assert.Equal([3, 3, 64, 128], file.Find("block2_conv1_W")!.Shape);
        var values = file.Values("block2_conv1_W");
        Assert.All(values, value => Assert.True(float.IsFinite(value)));

        // Trained kernels: values around zero, hardly any equal to another.
        Assert.InRange(values.Average(MathF.Abs), 0.001f, 0.1f);
        Assert.InRange(values.Distinct().Count(), values.Length * 9 / 10, values.Length);
    }

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void A_damaged_array_is_refused_with_the_reason(string fault, byte[] bytes, string expected)
    {
        var error = Assert.Throws<InvalidDataException>(() => ReadWhole(bytes));
        Assert.StartsWith("crafted", error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Contains(expected, StringComparison.Ordinal), $"{fault}: {error.Message}");
    }

    [Theory]
    [InlineData("types.npz")]
    [InlineData("fortran.npy")]
    public void A_file_cut_at_any_byte_is_refused(string name)
    {
        var bytes = File.ReadAllBytes(Reference("numpy", name));
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => ReadWhole(bytes[..length]));
    }

    internal static byte[] Npy(string header, int dataLength) =>
        [.. Magic(1, 0), .. BitConverter.GetBytes((ushort)(header.Length + 1)), .. Encoding.ASCII.GetBytes(header + "\n"), .. new byte[dataLength]];

    private static byte[] Magic(byte major, byte minor) => [0x93, .. "NUMPY"u8, major, minor];
}
