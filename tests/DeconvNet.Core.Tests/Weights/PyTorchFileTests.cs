using DeconvNet.Weights.Formats;
using static DeconvNet.Tests.Weights.WeightsFiles;

namespace DeconvNet.Tests.Weights;

/// <summary>Checkpoints written by PyTorch itself (Reference/pytorch/make_pytorch_reference.py).</summary>
public sealed class PyTorchFileTests
{
    private static readonly float[] Counting = [-3, -2, -1, 0, 1, 2];

    [Theory]
    [InlineData("layouts.pt")]
    [InlineData("layouts_protocol5.pt")]
    [InlineData("layouts_legacy.pt")]
    public void Every_type_and_every_layout_of_a_tensor_is_read(string name)
    {
        using var file = WeightsFile.Open(Reference("pytorch", name));
        Assert.Equal(WeightsFormat.PyTorch, file.Format);
        Assert.Equal(
            ["float", "double", "half", "bfloat16", "long", "int", "short", "char", "byte", "bool", "scalar", "empty", "transposed", "offset", "whole", "channels_last", "parameter"],
            file.Tensors.Select(tensor => tensor.Name));
        AssertTensor(file, "float", WeightType.F32, [2, 3], Pattern(6, 1));
        AssertTensor(file, "double", WeightType.F64, [2, 3], Pattern(6, 2));
        AssertTensor(file, "half", WeightType.F16, [2, 3], Pattern(6, 3));
        AssertTensor(file, "bfloat16", WeightType.BF16, [2, 3], Pattern(6, 4));
        AssertTensor(file, "long", WeightType.I64, [6], Counting);
        AssertTensor(file, "int", WeightType.I32, [6], Counting);
        AssertTensor(file, "short", WeightType.I16, [6], Counting);
        AssertTensor(file, "char", WeightType.I8, [6], Counting);
        AssertTensor(file, "byte", WeightType.U8, [6], [250, 251, 252, 253, 254, 255]);
        AssertTensor(file, "bool", WeightType.Bool, [3], [1, 0, 1]);
        AssertTensor(file, "scalar", WeightType.F32, [], [7.5f]);
        AssertTensor(file, "empty", WeightType.F32, [0, 3], []);
        AssertTensor(file, "transposed", WeightType.F32, [4, 3], [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
        AssertTensor(file, "offset", WeightType.F32, [2, 2], [16, 18, 20, 22]);
        AssertTensor(file, "whole", WeightType.F32, [24], [.. Enumerable.Range(0, 24).Select(i => (float)i)]);
        AssertTensor(file, "channels_last", WeightType.F32, [2, 3, 4, 5], Pattern(120, 5));
        AssertTensor(file, "parameter", WeightType.F32, [4], Pattern(4, 6));
    }

    [Fact]
    public void Values_of_a_big_endian_machine_are_turned()
    {
        byte[] pickle = [.. PickleBytes.Start, .. PickleBytes.Dict(("a", PickleBytes.Tensor("FloatStorage", "0", 2, [2], [1])), ("b", PickleBytes.Tensor("LongStorage", "1", 1, [1], [1]))), PickleBytes.Stop];
        var bytes = ZipBytes.Stored(("x/data.pkl", pickle), ("x/byteorder", "big"u8.ToArray()), ("x/data/0", [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0]), ("x/data/1", [0, 0, 0, 0, 0, 0, 1, 2]));
        using var file = WeightsFile.Open(new MemoryStream(bytes), "big");
        Assert.Equal([1, -2], file.Values("a"));
        Assert.Equal([258], file.Values("b"));
    }

    [Theory]
    [InlineData("state_dict")]
    [InlineData("model")]
    [InlineData("anything")]
    public void A_checkpoint_around_the_tensors_is_looked_into(string key)
    {
        var inner = PickleBytes.Dict(("a.weight", PickleBytes.Tensor("FloatStorage", "0", 1, [1], [1])), ("a.more", PickleBytes.Dict(("b", PickleBytes.Tensor("FloatStorage", "0", 1, [], [])))));
        byte[] pickle = [.. PickleBytes.Start, .. PickleBytes.Dict(("epoch", [(byte)'K', 3]), (key, inner)), PickleBytes.Stop];
        using var file = WeightsFile.Open(new MemoryStream(ZipBytes.Stored(("data.pkl", pickle), ("data/0", [0, 0, 0x80, 0x3F]))), "nested");
        Assert.Equal(["a.weight", "a.more.b"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([1], file.Values("a.more.b"));
    }

    [Fact]
    public void A_file_is_read_from_the_middle_of_a_stream()
    {
        foreach (var name in (string[])["layouts.pt", "layouts_legacy.pt"])
        {
            using var stream = new MemoryStream([1, 2, 3, .. File.ReadAllBytes(Reference("pytorch", name))]) { Position = 3 };
            using var file = WeightsFile.Open(stream, "embedded");
            Assert.Equal(Pattern(6, 1), file.Values("float"));
            Assert.Equal([16, 18, 20, 22], file.Values("offset"));
        }
    }

    private static void AssertTensor(WeightsFile file, string name, WeightType type, long[] shape, float[] values)
    {
        Assert.Equal(type, file.Find(name)!.Type);
        Assert.Equal(shape, file.Find(name)!.Shape);
        Assert.Equal(values, file.Values(name));
    }
}
