using System.Buffers.Binary;
using CsCheck;
using DeconvNet.Tests.Support;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Tests.Weights;

public sealed class SafetensorsFileTests
{
    [Fact]
    public void Eight_bit_floating_point_is_read()
    {
        var bytes = SafetensorsBytes.Make("""{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"F8_E5M2","shape":[6],"data_offsets":[8,14]}}""", 14);
        ((byte[])[0x00, 0x01, 0x07, 0x08, 0x38, 0xB9, 0x7E, 0x7F, 0x00, 0x01, 0x3C, 0xBD, 0x7B, 0x7C]).CopyTo(bytes, bytes.Length - 14);
        using var file = WeightsFile.Open(new MemoryStream(bytes), "eight bits");
        var (a, b) = (new float[8], new float[6]);
        file.Read(file.Find("a")!, a);
        file.Read(file.Find("b")!, b);
        Assert.Equal([0, 1 / 512f, 7 / 512f, 1 / 64f, 1, -1.125f, 448, float.NaN], a);
        Assert.Equal([0, 1 / 65536f, 1, -1.25f, 57344, float.PositiveInfinity], b);
    }

    [Fact]
    public void A_file_is_laid_out_as_the_format_says()
    {
        using var folder = new TemporaryFolder();
        SafetensorsFile.Write(folder["x"], [Make("a", [2], [1f, -2f])], new Dictionary<string, string> { ["key"] = "é\"" });
        const string Header = """{"__metadata__":{"key":"é\""},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";
        var bytes = File.ReadAllBytes(folder["x"]);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal(Header, System.Text.Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' '));
        Assert.Equal<byte>([0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0], bytes[(8 + length)..]);
    }

    [Fact]
    public void What_is_written_is_read_bit_for_bit() =>
        Gen.Select(Gen.Int[0, 4].Array[0, 3], Gen.Int).List[0, 5].Sample(
            drawn =>
            {
                using var folder = new TemporaryFolder();
                var tensors = drawn.Select((draw, i) =>
                {
                    var values = new float[draw.Item1.Aggregate(1, (product, side) => product * side)];
                    new Random(draw.Item2).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
                    return (Shape: draw.Item1.Select(side => (long)side).ToArray(), Values: values, Name: $"tensor/{i}");
                }).ToArray();
                SafetensorsFile.Write(folder["x"], tensors.Select(tensor => Make(tensor.Name, tensor.Shape, tensor.Values)));

                using var file = WeightsFile.Open(folder["x"]);
                Assert.Equal(tensors.Length, file.Tensors.Count);
                foreach (var (shape, values, name) in tensors)
                {
                    var entry = file.Find(name)!;
                    var read = new float[values.Length];
                    file.Read(entry, read);
                    Assert.Equal(shape, entry.Shape);
                    Assert.Equal(values.Select(BitConverter.SingleToUInt32Bits), read.Select(BitConverter.SingleToUInt32Bits));
                }
            },
            iter: 100,
            seed: "0000000000001");

    [Fact]
    public void Sixteen_bits_come_after_thirty_two_and_are_rounded_to_even()
    {
        using var folder = new TemporaryFolder();
        float[] values = [1f, 1f + (1f / 2048), 1f + (3f / 2048), 65504f, float.NaN, float.NegativeInfinity];
        SafetensorsFile.Write(folder["x"], [Make("half", [6], values, WeightPrecision.Half), Make("full", [1], [2f])]);
        using var file = WeightsFile.Open(folder["x"]);
        Assert.Equal([("full", WeightType.F32), ("half", WeightType.F16)], file.Tensors.Select(entry => (entry.Name, entry.Type)));
        var read = new float[6];
        file.Read(file.Find("half")!, read);
        Assert.Equal([1f, 1f, 1f + (1f / 512), 65504f, float.NaN, float.NegativeInfinity], read);
    }

    [Fact]
    public void Every_floating_type_is_read_as_float()
    {
        byte[] data =
        [
            .. BitConverter.GetBytes(0.1), .. BitConverter.GetBytes(0.1f), .. BitConverter.GetBytes((Half)0.1f), 0xCD, 0x3D,
        ];
        var bytes = SafetensorsBytes.Make(
            """
            {"d":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"f":{"dtype":"F32","shape":[],"data_offsets":[8,12]},
             "h":{"dtype":"F16","shape":[1,1],"data_offsets":[12,14]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[14,16]}}
            """,
            data.Length);
        data.CopyTo(bytes, bytes.Length - data.Length);
        using var file = WeightsFile.Open(new MemoryStream(bytes), "types");
        Assert.Equal([0.1f, 0.1f, (float)(Half)0.1f, 0.10009765625f], file.Tensors.Select(entry =>
        {
            var value = new float[1];
            file.Read(entry, value);
            return value[0];
        }));
    }

    [Theory]
    [InlineData("I64", 8)]
    [InlineData("I32", 4)]
    [InlineData("I16", 2)]
    [InlineData("I8", 1)]
    [InlineData("U64", 8)]
    [InlineData("U32", 4)]
    [InlineData("U16", 2)]
    [InlineData("U8", 1)]
    [InlineData("BOOL", 1)]
    public void Integers_are_read_as_float(string type, int size)
    {
        var bytes = SafetensorsBytes.Make($$$"""{"i":{"dtype":"{{{type}}}","shape":[3],"data_offsets":[0,{{{3 * size}}}]}}""", 3 * size);
        bytes.AsSpan(bytes.Length - (3 * size)).Clear();
        bytes[^size] = 1;
        using var file = WeightsFile.Open(new MemoryStream(bytes), "integers");
        Assert.Equal([0, 0, 1], file.Values("i"));
    }

    [Theory]
    [InlineData("F31", 4)]
    [InlineData("F8_E8M0", 1)]
    [InlineData("C64", 8)]
    [InlineData("F4", 1)]
    public void A_type_that_is_not_known_is_listed_and_refused_when_it_is_read(string type, int size)
    {
        var bytes = SafetensorsBytes.Make($$$"""{"i":{"dtype":"{{{type}}}","shape":[2],"data_offsets":[0,{{{2 * size}}}]}}""", 2 * size);
        using var file = WeightsFile.Open(new MemoryStream(bytes), "others");
        var tensor = Assert.Single(file.Tensors);
        Assert.Equal((WeightType.Other, type, 2L, false), (tensor.Type, tensor.TypeName, tensor.Count, tensor.IsReadable));
        Assert.Contains(type, Assert.Throws<InvalidDataException>(() => file.Read(tensor, new float[2])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_longer_file_is_replaced_whole()
    {
        using var folder = new TemporaryFolder();
        SafetensorsFile.Write(folder["x"], [Make("a", [1000], new float[1000])]);
        SafetensorsFile.Write(folder["x"], [Make("a", [1], [5f])]);
        using var file = WeightsFile.Open(folder["x"]);
        Assert.Equal(1, file.Tensors.Single().Count);
    }

    [Fact]
    public void A_tensor_larger_than_the_buffer_is_converted_whole()
    {
        using var folder = new TemporaryFolder();
        float[] values = [.. Enumerable.Range(0, 400_000).Select(i => (float)(i % 2048))];
        SafetensorsFile.Write(folder["x"], [Make("a", [400_000], values, WeightPrecision.Half)]);
        using var file = WeightsFile.Open(folder["x"]);
        var read = new float[values.Length];
        file.Read(file.Tensors[0], read);
        Assert.Equal(values, read);
    }

    internal static WeightTensor Make(string name, long[] shape, float[] values, WeightPrecision precision = WeightPrecision.Full) =>
        new(name, shape, () => values, precision);
}
