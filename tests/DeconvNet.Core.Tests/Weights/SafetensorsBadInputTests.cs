using DeconvNet.Tests.Support;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Tests.Weights;

public sealed class SafetensorsBadInputTests
{
    private const string Sound = """{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"U8","shape":[4],"data_offsets":[24,28]}}""";

    [Fact]
    public void The_sound_file_that_the_others_are_made_from_is_read() => SafetensorsBytes.ReadWhole(SafetensorsBytes.Make(Sound, 28));

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "left over")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3, "cut short")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", 8, "does not take")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}""", 4, "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4, "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}}""", 4, "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387905,4],"data_offsets":[0,16]}}""", 16, "does not take")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}""", 0, "does not take")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "before its start")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "two data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "needs dtype")]
    [InlineData("""{"a":{"dtype":3,"shape":[1],"data_offsets":[0,4]}}""", 4, "expected String")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}}""", 4, "unknown key 'more'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""", 4, "'a' stands twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0061":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""", 4, "'a' stands twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "'__metadata__' stands twice")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", 0, "'k' stands twice")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, "expected String")]
    [InlineData("""{"__metadata__":[]}""", 0, "expected StartObject")]
    [InlineData("""{"a":5}""", 0, "expected StartObject")]
    [InlineData("""[]""", 0, "expected StartObject")]
    [InlineData("""{"a":{"dtype":"\ud800","shape":[1],"data_offsets":[0,4]}}""", 4, "not well-formed")]
    [InlineData("""{} {}""", 0, "not well-formed")]
    [InlineData("""{"a":""", 0, "not well-formed")]
    [InlineData("", 0, "not well-formed")]
    public void A_header_that_breaks_a_rule_is_refused(string header, int dataLength, string expected)
    {
        var error = Assert.Throws<InvalidDataException>(() => SafetensorsBytes.ReadWhole(SafetensorsBytes.Make(header, dataLength)));
        Assert.StartsWith("crafted, byte ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_is_not_text_is_refused() =>
        Assert.Throws<InvalidDataException>(() => SafetensorsBytes.ReadWhole(SafetensorsBytes.Make([(byte)'{', (byte)'"', 0xFF, 0xFE, (byte)'"'], 0)));

    [Theory]
    [InlineData(2_000_000_000)]
    [InlineData(100_000_001)]
    [InlineData(99_999_999)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public void A_header_that_claims_more_than_there_is_costs_no_memory(long claimed)
    {
        var bytes = SafetensorsBytes.Make(Sound, 28, claimed);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InvalidDataException>(() => SafetensorsBytes.ReadWhole(bytes));
        Assert.Contains("the header claims", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void A_message_shows_little_of_long_names_and_shapes()
    {
        var name = new string('n', 100_000);
        var header = $$$"""{"{{{name}}}\u001b":{"dtype":"F32","shape":[{{{string.Join(",", Enumerable.Repeat(1, 60))}}}],"data_offsets":[0,8]}}""";
        var error = Assert.Throws<InvalidDataException>(() => SafetensorsBytes.ReadWhole(SafetensorsBytes.Make(header, 8)));
        Assert.Contains("nnn…' of type F32 and shape [1, 1", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 200, 1000);
    }

    [Fact]
    public void Headers_of_many_axes_or_tensors_cost_little_memory()
    {
        var axes = $$$"""{"a":{"dtype":"F32","shape":[{{{string.Join(",", Enumerable.Repeat(1, 2_000_000))}}}],"data_offsets":[0,4]}}""";
        var tensors = "{" + string.Join(",", Enumerable.Range(0, 200_000).Select(i => $$$"""{{{(char)34}}}{{{i}}}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}""")) + "}";
        foreach (var (header, data, expected) in ((string, int, string)[])[(axes, 4, "more than 64 numbers"), (tensors, 0, "more than 100000 tensors")])
        {
            var bytes = SafetensorsBytes.Make(header, data);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => SafetensorsBytes.ReadWhole(bytes)).Message, StringComparison.Ordinal);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 150_000_000);
        }
    }

    [Fact]
    public void A_file_cut_at_any_byte_is_refused()
    {
        var bytes = SafetensorsBytes.Make(Sound, 28);
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => SafetensorsBytes.ReadWhole(bytes[..length]));
    }

    [Fact]
    public void A_flipped_bit_is_refused_or_read_and_nothing_else()
    {
        var sound = SafetensorsBytes.Make(Sound, 28);
        var random = new Random(9);
        var refused = 0;
        for (var i = 0; i < 5000; i++)
        {
            var bytes = sound.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            if (Record.Exception(() => SafetensorsBytes.ReadWhole(bytes)) is { } error)
            {
                Assert.IsType<InvalidDataException>(error);
                refused++;
            }
        }

        Assert.InRange(refused, 2500, 4999);
    }

    [Fact]
    public void A_refused_file_is_closed()
    {
        using var stream = new MemoryStream([1, 2, 3]);
        Assert.Throws<InvalidDataException>(() => WeightsFile.Open(stream, "short", leaveOpen: true));
        Assert.True(stream.CanRead);
        Assert.Throws<InvalidDataException>(() => WeightsFile.Open(stream, "short"));
        Assert.False(stream.CanRead);
    }

    [Fact]
    public void Wrong_arguments_of_a_writer_are_refused_and_nothing_is_written()
    {
        using var folder = new TemporaryFolder();
        WeightTensor[][] wrong =
        [
            [Make("a", [1], 1), Make("a", [1], 1)],
            [Make("__metadata__", [1], 1)],
            [Make("a", [-1], 1)],
            [Make("a", [long.MaxValue, 2], 1)],
            [Make("a", [3], 2)],
            [new WeightTensor("a", [1], () => new[] { 65520f }, WeightPrecision.Half)],
        ];
        foreach (var tensors in wrong)
            Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(folder["x"], tensors));
        Assert.Throws<IOException>(() => SafetensorsFile.Write(folder["x"], [new WeightTensor("a", [1], () => throw new IOException("gone"))]));
        Assert.Empty(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void A_reader_asked_for_the_wrong_thing_refuses()
    {
        using var one = WeightsFile.Open(new MemoryStream(SafetensorsBytes.Make(Sound, 28)), "one");
        using var other = WeightsFile.Open(new MemoryStream(SafetensorsBytes.Make(Sound, 28)), "other");
        Assert.Throws<ArgumentException>(() => one.Read(one.Tensors[0], new float[5]));
        Assert.Throws<ArgumentException>(() => one.Read(other.Tensors[0], new float[6]));
        Assert.Throws<ArgumentNullException>(() => one.Read(null!, []));
        Assert.Null(one.Find("c"));
    }

    private static WeightTensor Make(string name, long[] shape, int count) => new(name, shape, () => new float[count]);
}
