using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using static DeconvNet.Tests.Weights.CaffemodelBytes;

namespace DeconvNet.Tests.Weights;

[Collection(TorchTests.Name)]
public sealed class CaffemodelBadInputTests
{
    private static readonly byte[] First = OldNet(Number(1, 1), Number(2, 1), Number(3, 2), Number(4, 2), Floats(5, 1, 2, 3, 4));
    private static readonly byte[] Sound = [.. First, .. NewNet(Bytes(7, Bytes(1, Varint(2))), Doubles(8, 1, 2))];

    public static TheoryData<string, byte[], string> Faults => new()
    {
        { "more values than the shape", OldNet(Number(1, 1), Number(2, 1), Number(3, 1), Number(4, 1), Floats(5, 1, 2)), "the shape [1, 1, 1, 1] and 2 values" },
        { "fewer values than the shape", NewNet(Bytes(7, Bytes(1, Varint(3))), Floats(5, 1, 2)), "the shape [3] and 2 values" },
        { "shape without values", NewNet(Bytes(7, Bytes(1, Varint(3)))), "0 values" },
        { "negative side", OldNet(Number(1, ulong.MaxValue), Floats(5, 1)), "a side of -1" },
        { "sides that overflow", NewNet(Bytes(7, Bytes(1, [.. Enumerable.Repeat(Varint(int.MaxValue), 5)])), Floats(5, 1)), "1 values" },
        { "33 axes", NewNet(Bytes(7, Bytes(1, [.. Enumerable.Repeat(Varint(1), 33)])), Floats(5, 1)), "more than 32 axes" },
        { "three bytes of floats", NewNet(Bytes(5, [1, 2, 3])), "not a multiple of 4" },
        { "a float stored as a number", NewNet(Number(5, 1)), "stored as Varint; expected Fixed32" },
        { "a layer stored as a number", Number(2, 1), "stored as Varint; expected Bytes" },
        { "a field claims 2 GB", [.. Varint((2 << 3) | 2), .. Varint(2_000_000_000)], "claims 2000000000 bytes where 0 are left" },
        { "a field claims 2^64 - 1 bytes", [.. Varint((2 << 3) | 2), .. Varint(ulong.MaxValue)], "claims 18446744073709551615 bytes" },
        { "a layer leaves its net", Bytes(2, [.. Varint((6 << 3) | 2), 5, 0]), "claims 5 bytes where 1 are left" },
        { "a number of 11 bytes", [(3 << 3) | 0, .. Enumerable.Repeat((byte)0x80, 10), 0], "more than 64 bits" },
        { "a number leaves its message", [.. Bytes(2, [0x28, 0x80]), 1], "should have ended" },
        { "field 0", [0x02, 0x00], "not a tag" },
        { "a group", [0x0B], "not a tag" },
        { "a long name", Text(1, new string('x', 5000)), "a name of 5000 bytes" },
        { "too many layers", [.. Enumerable.Repeat<byte[]>([0x12, 0], 100_001).SelectMany(layer => layer)], "more than 100000 layers" },
        { "too many blobs", [.. Enumerable.Repeat(Bytes(2, [.. Enumerable.Repeat(Bytes(6, Number(1, 0)), 1001)]), 100).SelectMany(layer => layer)], "more than 100000 blobs" },
        { "a side stored as a float", NewNet(Bytes(7, SingleFloat(1, 1)), Floats(5, 1)), "stored as Fixed32; expected Varint" },
        { "sides that leave their field", NewNet(Bytes(7, Bytes(1, [0x81]), [0, 0]), Floats(5, 1)), "should have ended" },
        { "an epsilon stored as a number", New("bn", "BatchNorm", Bytes(139, Number(3, 1))), "stored as Varint; expected Fixed32" },
    };

    [Fact]
    public void The_sound_file_that_the_others_are_made_from_is_read() => Assert.Equal(2, ReadWhole(Sound).Count);

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void A_damaged_file_is_refused_with_the_place(string fault, byte[] bytes, string expected)
    {
        var error = Assert.Throws<InvalidDataException>(() => ReadWhole(bytes));
        Assert.StartsWith("crafted, byte ", error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Contains(expected, StringComparison.Ordinal), $"{fault}: {error.Message}");
    }

    [Fact]
    public void A_file_cut_at_any_byte_is_refused_unless_it_ends_between_fields()
    {
        // A net of protobuf has no length of its own: a cut between two of its fields leaves a sound file of fewer layers.
        var name = Text(1, "net").Length;
        int[] between = [0, name, First.Length, First.Length + name];
        for (var length = 0; length < Sound.Length; length++)
        {
            var error = Record.Exception(() => ReadWhole(Sound[..length]));
            if (between.Contains(length))
                Assert.Null(error);
            else
                Assert.IsType<InvalidDataException>(error);
        }
    }

    [Fact]
    public void A_flipped_bit_is_refused_or_read_and_nothing_else()
    {
        var random = new Random(5);
        var refused = 0;
        for (var i = 0; i < 5000; i++)
        {
            var bytes = Sound.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            if (Record.Exception(() => ReadWhole(bytes)) is { } error)
            {
                Assert.IsType<InvalidDataException>(error);
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 4999);
    }

    [Fact]
    public void A_model_cut_anywhere_does_not_load()
    {
        var bytes = File.ReadAllBytes(ModelFileTests.SlimCaffemodel);
        var random = new Random(1);
        for (var i = 0; i < 50; i++)
        {
            // The last field is the name of the input: without it the weights are whole.
            var length = random.Next(bytes.Length - 6);
            Assert.Throws<InvalidDataException>(() => DeconvNetModel.Load(new MemoryStream(bytes[..length]), "cut"));
        }
    }

    [Fact]
    public void A_layer_whose_weights_stand_twice_is_refused()
    {
        var bytes = File.ReadAllBytes(ModelFileTests.SlimCaffemodel);
        var twice = Bytes(2, Text(4, "conv1_1"), Bytes(6, Bytes(7, Bytes(1, Varint(1))), Floats(5, 1)));
        var error = Assert.Throws<InvalidDataException>(() => DeconvNetModel.Load(new MemoryStream([.. bytes, .. twice]), "twice"));
        Assert.Contains("two layers 'conv1_1'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_of_another_network_is_named()
    {
        var bytes = File.ReadAllBytes(ModelFileTests.SlimCaffemodel);
        var more = Bytes(2, Text(4, "fc8"), Bytes(6, Bytes(7, Bytes(1, Varint(1))), Floats(5, 1)));
        var error = Assert.Throws<InvalidDataException>(() => DeconvNetModel.Load(new MemoryStream([.. bytes, .. more]), "more"));
        Assert.Contains("1 unexpected: fc8.weight", error.Message, StringComparison.Ordinal);
    }
}
