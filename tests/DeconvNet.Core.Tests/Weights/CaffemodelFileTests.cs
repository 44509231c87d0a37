using DeconvNet.Weights.Formats;
using static DeconvNet.Tests.Weights.CaffemodelBytes;

namespace DeconvNet.Tests.Weights;

public sealed class CaffemodelFileTests
{
    private static readonly float[] Six = [1, -2, 3, -4, 5, 0.1f];
    private static readonly byte[][] OldShape = [Number(1, 1), Number(2, 2), Number(3, 3), Number(4, 1)];

    [Fact]
    public void The_slim_network_has_the_layers_of_the_authors()
    {
        var file = new CaffemodelFile(new MemoryStream(File.ReadAllBytes(ModelFileTests.SlimCaffemodel)), "file");
        Assert.Equal("DeconvNet_slim", file.Name);
        Assert.Equal(98, file.Layers.Count);
        Assert.Equal(
            [("conv1_1", "Convolution", 2), ("bn1_1", "BN", 2), ("relu1_1", "ReLU", 0)],
            file.Layers.Take(3).Select(layer => (layer.Name, layer.Type, layer.Blobs.Count)));
        Assert.Equal([4, 3, 3, 3], file.Layers[0].Blobs[0].Shape);
        Assert.Equal([1, 1, 1, 4], file.Layers[0].Blobs[1].Shape);
        Assert.Equal(322_049, file.Layers.SelectMany(layer => layer.Blobs).Sum(blob => blob.Count));
    }

    public static TheoryData<string, byte[], long[]> Forms => new()
    {
        { "old layers, old shape, packed", OldNet([.. OldShape, Floats(5, Six)]), [1, 2, 3, 1] },
        { "old layers, values before the shape", OldNet([Floats(5, Six), .. OldShape]), [1, 2, 3, 1] },
        { "old layers, unpacked", OldNet([.. OldShape, .. Six.Select(value => SingleFloat(5, value))]), [1, 2, 3, 1] },
        { "old layers, in pieces", OldNet([.. OldShape, Floats(5, Six[..2]), SingleFloat(5, Six[2]), Floats(5, Six[3..])]), [1, 2, 3, 1] },
        { "old layers, doubles", OldNet([.. OldShape, Doubles(8, [.. Six.Select(value => (double)value)])]), [1, 2, 3, 1] },
        { "old layers, doubles unpacked", OldNet([.. OldShape, .. Six.Select(value => SingleDouble(8, value))]), [1, 2, 3, 1] },
        { "new layers, new shape", NewNet(Bytes(7, Bytes(1, Varint(2), Varint(3))), Floats(5, Six)), [2, 3] },
        { "new layers, new shape unpacked", NewNet(Bytes(7, Number(1, 2), Number(1, 3)), Floats(5, Six)), [2, 3] },
        { "new layers, both shapes", NewNet([Bytes(7, Bytes(1, Varint(6))), .. OldShape, Floats(5, Six)]), [1, 2, 3, 1] },
        { "new layers, unknown fields and gradients", NewNet(Text(99, "?"), SingleDouble(98, 1), Floats(6, 9, 9), Bytes(7, Bytes(1, Varint(6))), Floats(5, Six)), [6] },
    };

    [Theory]
    [MemberData(nameof(Forms), DisableDiscoveryEnumeration = true)]
    public void Every_form_of_a_blob_is_read(string form, byte[] bytes, long[] shape)
    {
        var (layer, blobs) = Assert.Single(ReadWhole(bytes));
        Assert.Equal(("layer", "Convolution"), (layer.Name, layer.Type));
        Assert.True(shape.SequenceEqual(layer.Blobs[0].Shape), form);
        Assert.Equal(Six, Assert.Single(blobs));
    }

    [Fact]
    public void Layers_keep_their_order_and_may_share_a_name()
    {
        byte[] bytes = [.. new[] { "crop", "fuse", "crop", "", "crop" }.SelectMany(name => Bytes(2, Text(4, name), Number(5, 999)))];
        Assert.Equal(["crop", "fuse", "crop", "", "crop"], ReadWhole(bytes).Select(read => read.Layer.Name));
        Assert.All(ReadWhole(bytes), read => Assert.Equal("type 999", read.Layer.Type));
    }

    [Fact]
    public void Blobs_longer_than_the_buffer_are_read_in_any_order()
    {
        float[] values = [.. Enumerable.Range(0, 100_000).Select(i => (float)i)];
        byte[] Layer(string name) => Bytes(2, Text(4, name), Bytes(6, Bytes(7, Bytes(1, Varint(100_000))), Floats(5, values)));
        var file = new CaffemodelFile(new MemoryStream([9, 9, .. Layer("a"), .. Layer("b")]) { Position = 2 }, "long");
        foreach (var layer in file.Layers.Reverse())
        {
            var read = new float[values.Length];
            file.Read(layer.Blobs[0], read);
            Assert.Equal(values, read);
        }
    }
}
