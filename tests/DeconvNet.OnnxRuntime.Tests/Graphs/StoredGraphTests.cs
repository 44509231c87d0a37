using System.Text;
using DeconvNet.Weights.Formats;

namespace DeconvNet.OnnxRuntime.Tests.Graphs;

/// <summary>What ONNX Runtime would run, but no export of ours writes, is refused before it sees the file.</summary>
public sealed class StoredGraphTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_crafted_model_without_fault_is_read()
    {
        using var model = Load(new CraftedModel().ToBytes());
        Assert.Equal(TestNetworks.DeconvNet, model.DeconvNetOptions);
    }

    [Fact]
    public void Values_in_another_file_are_refused()
    {
        File.WriteAllText(folder["secret"], "0123456789abcdef");
        var constant = CraftedModel.Named("conv1_1.weight", CraftedModel.Float, [4])
            .Add(13, new ProtobufMessage().Add(1, "location").Add(2, folder["secret"])).Add(14, 1);
        Refused(new CraftedModel { Constants = [constant] }, "such as in another file");
    }

    [Theory]
    [InlineData(new[] { 1L << 40, 1 << 20 })]
    [InlineData(new[] { 1L << 33 })]
    [InlineData(new[] { -4L })]
    [InlineData(new[] { 5L })]
    public void A_shape_that_the_values_do_not_fill_is_refused_without_taking_memory(long[] shape)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(new CraftedModel { Constants = [CraftedModel.Constant("big", CraftedModel.Float, shape, new byte[16])] }, "which does not match its shape");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Values_that_are_not_finite_are_refused(float value) =>
        Refused(new CraftedModel { Constants = [CraftedModel.Constant("conv1_1.weight", CraftedModel.Float, [2], [.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(value)])] }, "tensor 'conv1_1.weight' has NaN or infinity");

    [Fact]
    public void Numbers_that_are_not_sizes_are_refused() =>
        Refused(new CraftedModel { Constants = [CraftedModel.Constant("numbers", CraftedModel.Int64, [1], BitConverter.GetBytes(long.MaxValue))] }, "the range of sizes of maps");

    [Theory]
    [InlineData(1L << 40)]
    [InlineData(-2L)]
    [InlineData(5000L)]
    public void Settings_beyond_those_of_our_networks_are_refused(long value)
    {
        Refused(new CraftedModel { Type = "MaxPool", Attributes = [new ProtobufMessage().Add(1, "strides").Add(8, value).Add(20, 7)] }, $"an attribute of a node is {value}");
        Refused(new CraftedModel { Type = "Flatten", Attributes = [new ProtobufMessage().Add(1, "axis").Add(3, value).Add(20, 2)] }, $"an attribute of a node is {value}");
    }

    [Fact]
    public void Nodes_of_other_types_and_domains_and_graphs_in_nodes_are_refused()
    {
        Refused(new CraftedModel { Type = "Softmax" }, "a node of type 'Softmax'");
        Refused(new CraftedModel { Domain = "com.microsoft" }, "a node of the domain 'com.microsoft'");
        Refused(new CraftedModel { Attributes = [new ProtobufMessage().Add(1, "body").Add(6, new ProtobufMessage()).Add(20, 5)] }, "an attribute that is not an integer");
        Refused(new CraftedModel { More = model => model.Add(7, new ProtobufMessage().Add(2, "second")) }, "a second graph");
        Refused(new CraftedModel { More = model => model.Add(25, new ProtobufMessage().Add(1, "function")) }, "a second graph");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    public void An_opset_that_is_not_known_is_refused(long opset) => Refused(new CraftedModel { Opset = opset }, "damaged.onnx");

    [Fact]
    public void Another_name_of_the_input_and_other_classes_are_refused()
    {
        Refused(new CraftedModel { Input = "data" }, "'input'");
        var strings = new Dictionary<string, string>(CraftedModel.Metadata) { ["deconvnet.classes"] = """["background","a"]""" };
        Refused(new CraftedModel { Strings = strings }, "the network has 3 classes");
        Refused(new CraftedModel { Strings = new Dictionary<string, string>(CraftedModel.Metadata) { ["deconvnet.options"] = """{"inputSize":-1}""" } }, "deconvnet.options");
        Refused(new CraftedModel { Strings = new Dictionary<string, string>() }, "of another program");
    }

    [Fact]
    public void Keys_that_C_cannot_hold_do_no_harm_and_doubled_ones_are_refused()
    {
        Load(new CraftedModel { Strings = new Dictionary<string, string>(CraftedModel.Metadata) { ["a\0b"] = "c" } }.ToBytes()).Dispose();
        Refused(new CraftedModel { More = model => model.Add(14, new ProtobufMessage().Add(1, "deconvnet.format").Add(2, "2")) }, "two entries 'deconvnet.format'");
    }

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 10\n", "Git LFS")]
    [InlineData("<!DOCTYPE html><html></html>", "web page")]
    [InlineData("", "it is empty")]
    [InlineData("some text", "it does not begin as one")]
    public void A_file_of_another_kind_is_named(string content, string expected)
    {
        File.WriteAllText(folder["damaged.onnx"], content);
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => OnnxModel.Load(folder["damaged.onnx"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Our_own_safetensors_are_told_from_it() => Refused(SafetensorsOf(), "OnnxModel.Export writes");

    private static byte[] SafetensorsOf()
    {
        var header = Encoding.UTF8.GetBytes("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""");
        return [.. BitConverter.GetBytes((long)header.Length), .. header, 0, 0, 0, 0];
    }

    private static OnnxModel Load(byte[] bytes) => OnnxModel.Load(new MemoryStream(bytes), "damaged.onnx");

    private static void Refused(CraftedModel model, string message) => Refused(model.ToBytes(), message);

    private static void Refused(byte[] bytes, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Load(bytes));
        Assert.StartsWith("damaged.onnx", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
