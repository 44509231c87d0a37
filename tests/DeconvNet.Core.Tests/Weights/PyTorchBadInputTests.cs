using System.IO.Compression;
using System.Text;
using DeconvNet.Weights.Formats;
using static DeconvNet.Tests.Weights.PickleBytes;
using static DeconvNet.Tests.Weights.WeightsFiles;

namespace DeconvNet.Tests.Weights;

public sealed class PyTorchBadInputTests
{
    private static readonly byte[] Sound = Dict(("a", Tensor("FloatStorage", "0", 4, [2, 2], [2, 1])));

    public static TheoryData<string, byte[], string> Faults => new()
    {
        { "runs a program", Checkpoint([.. Global("os", "system"), .. Tuple(Text("true")), (byte)'R']), "it asks for 'os.system', which Python would import and run" },
        { "runs a program, protocol 4", Checkpoint([.. Text("builtins"), .. Text("eval"), 0x93]), "it asks for 'builtins.eval'" },
        { "a name with control characters", Checkpoint(Global("a\u001b", "b")), "'a?.b'" },
        { "a storage of another type", Checkpoint(Dict(("a", Tensor("ComplexFloatStorage", "0", 2, [2], [1])))), "ComplexFloatStorage are not read" },
        { "a class is called", Checkpoint([.. Global("torch", "FloatStorage"), (byte)')', (byte)'R']), "'torch.FloatStorage' is called" },
        { "an object by class", Checkpoint([.. Global("collections", "OrderedDict"), (byte)')', 0x81]), "the operation 0x81" },
        { "an instance", Checkpoint([(byte)'(', (byte)'i', .. "os\nsystem\n"u8]), "the operation 0x69" },
        { "an extension code", Checkpoint([0x82, 1]), "the operation 0x82" },
        { "a text protocol", Checkpoint([(byte)'I', (byte)'1', (byte)'\n']), "the operation 0x49" },
        { "bytes", Checkpoint([(byte)'C', 0]), "holds bytes" },
        { "bytes cut short", Checkpoint([(byte)'C', 9]), "a row of bytes claims 9" },
        { "a state for a tensor", Checkpoint([.. Tensor("FloatStorage", "0", 4, [1], [1]), (byte)'}', (byte)'b']), "is given a state" },
        { "an empty stack", Checkpoint([(byte)'0']), "the stack is empty" },
        { "no mark", Checkpoint([(byte)'t']), "nothing was marked" },
        { "below the mark", Checkpoint([(byte)'N', (byte)'(', (byte)'0']), "the stack is empty" },
        { "an unknown memory", Checkpoint([(byte)'h', 7]), "nothing was remembered as 7" },
        { "a key without value", Checkpoint([(byte)'}', (byte)'(', (byte)'N', (byte)'u']), "a key without a value" },
        { "an item of no list", Checkpoint([(byte)'N', (byte)'N', (byte)'a']), "what is not a list" },
        { "a long text", Checkpoint([(byte)'X', 0xFF, 0xFF, 0xFF, 0x7F]), "a text claims 2147483647 bytes" },
        { "a text of 2^64 - 1 bytes", Checkpoint([0x8D, .. Enumerable.Repeat((byte)0xFF, 8)]), "a text claims 18446744073709551615 bytes" },
        { "a long number", Checkpoint([0x8B, 0xFF, 0xFF, 0xFF, 0x7F]), "a number of 2147483647 bytes" },
        { "a long frame", Checkpoint([0x95, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0]), "a frame is longer" },
        { "no end", ZipBytes.Stored(("data.pkl", [.. Start, (byte)'N'])), "it is cut short" },
        { "protocol 1", ZipBytes.Stored(("data.pkl", [0x80, 1, (byte)'N', Stop])), "not a pickle of protocol 2 to 5" },
        { "too many operations", Checkpoint([.. Enumerable.Repeat((byte[])[(byte)'N', (byte)'0'], 600_000).SelectMany(pair => pair)]), "more than 1000000 operations" },
        { "nothing", Checkpoint([(byte)'N']), "holds nothing" },
        { "a lone tensor", Checkpoint(Tensor("FloatStorage", "0", 4, [4], [1])), "a single tensor" },
        { "no tensors", Checkpoint(Dict(("epoch", Number(1)))), "it has the keys 'epoch'" },
        { "a missing storage", Checkpoint(Dict(("a", Tensor("FloatStorage", "1", 4, [4], [1])))), "its storage is not in the file" },
        { "a longer storage", Checkpoint(Dict(("a", Tensor("FloatStorage", "0", 5, [4], [1])))), "16 bytes; 5 values" },
        { "a huge storage", Checkpoint(Dict(("a", Tensor("FloatStorage", "0", long.MaxValue, [4], [1])))), "9223372036854775807 values" },
        { "a negative storage", Checkpoint(Dict(("a", Tensor("FloatStorage", "0", -1, [4], [1])))), "a storage is named by" },
        { "beyond its storage", Checkpoint(Dict(("a", Tensor("FloatStorage", "0", 4, [4], [1], offset: 1)))), "leave its storage" },
        { "before its storage", Checkpoint(Dict(("a", Tensor("FloatStorage", "0", 4, [1], [1], offset: -1)))), "leave its storage" },
        { "backwards", Checkpoint(Dict(("a", Tensor("FloatStorage", "0", 4, [2], [-1], offset: 2)))), "leave its storage" },
        { "a negative side", Checkpoint(Dict(("a", Tensor("FloatStorage", "0", 4, [-2], [1])))), "leave its storage" },
        { "sides that overflow", Checkpoint(Dict(("a", Tensor("FloatStorage", "0", 4, [long.MaxValue, 3], [0, 0])))), "leave its storage" },
        { "strides that overflow", Checkpoint(Dict(("a", Tensor("FloatStorage", "0", 4, [2, 2], [long.MaxValue, long.MaxValue])))), "leave its storage" },
        { "one value a thousand times", Checkpoint(Dict(("a", Tensor("FloatStorage", "0", 4, [1000], [0])))), "its values repeat" },
        { "sizes without strides", Checkpoint(Dict(("a", Tensor("FloatStorage", "0", 4, [2, 2], [1])))), "leave its storage" },
        { "one storage for many", Checkpoint(Dict([.. Enumerable.Range(0, 5).Select(i => ($"a{i}", Tensor("FloatStorage", "0", 4, [4], [1])))])), "expected at most 4 times" },
        { "a packed storage", ZipBytes.Make(CompressionLevel.Optimal, ("data.pkl", [.. Start, .. Sound, Stop]), ("data/0", new byte[16])), "is packed" },
        { "another byte order", ZipBytes.Stored(("data.pkl", [.. Start, .. Sound, Stop]), ("byteorder", "middle"u8.ToArray()), ("data/0", new byte[16])), "the byte order is 'middle'" },
        { "TorchScript", ZipBytes.Stored(("m/data.pkl", [.. Start, .. Sound, Stop]), ("m/constants.pkl", [1]), ("m/code/x.py", [1])), "TorchScript" },
        { "two checkpoints", ZipBytes.Stored(("a/data.pkl", [1]), ("b/data.pkl", [1])), "several entries" },
        { "a plain pickle", [.. Start, (byte)'N', Stop], "a Python pickle, but none that torch.save wrote" },
        { "a tar archive", Tar(), "the form of checkpoints of the first versions of PyTorch" },
    };

    [Fact]
    public void The_sound_checkpoint_that_the_others_are_made_from_is_read() => ReadWhole(Checkpoint(Sound));

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void A_damaged_or_dangerous_checkpoint_is_refused_with_the_reason(string fault, byte[] bytes, string expected)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InvalidDataException>(() => ReadWhole(bytes));
        Assert.StartsWith("crafted", error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Contains(expected, StringComparison.Ordinal), $"{fault}: {error.Message}");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
    }

    [Fact]
    public void A_whole_model_is_refused_by_the_name_of_its_class_with_what_to_do()
    {
        var error = Assert.Throws<InvalidDataException>(() => WeightsFile.Open(Reference("pytorch", "whole_model.pt")));
        Assert.Contains("'torch.nn.modules.linear.Linear'", error.Message, StringComparison.Ordinal);
        Assert.Contains("torch.save(model.state_dict(), 'new.pth')", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dictionaries_that_hold_each_other_over_and_over_cost_little()
    {
        // Each holds the one before twice: 2^40 tensors from a kilobyte.
        var pickle = new List<byte>(Dict(("t", Tensor("FloatStorage", "0", 4, [1], [1]))));
        for (byte i = 0; i < 40; i++)
            pickle.AddRange([(byte)'q', i, (byte)'}', (byte)'(', .. Text("t"), .. Tensor("FloatStorage", "0", 4, [1], [1]), .. Text("a"), (byte)'h', i, .. Text("b"), (byte)'h', i, (byte)'u']);
        Assert.Throws<InvalidDataException>(() => ReadWhole(Checkpoint([.. pickle])));

        // One that holds itself.
        byte[] circle = [(byte)'}', (byte)'q', 0, (byte)'(', .. Text("t"), .. Tensor("FloatStorage", "0", 4, [1], [1]), .. Text("a"), (byte)'h', 0, (byte)'u'];
        Assert.Contains("nested more than", Assert.Throws<InvalidDataException>(() => ReadWhole(Checkpoint(circle))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_names_and_lists_that_are_used_over_and_over_cost_little()
    {
        var name = new string('x', 1_000_000);
        var inner = Dict([.. Enumerable.Range(0, 200).Select(i => ($"{i}", Tensor("FloatStorage", "0", 4, [], [])))]);
        AssertCheap(Checkpoint(Dict(("t", Tensor("FloatStorage", "0", 4, [], [])), (name, inner))), "expected at most 1024");

        // A list of ten thousand pairs, made into a thousand dictionaries.
        byte[] list = [(byte)']', (byte)'q', 0, (byte)'(', .. Enumerable.Repeat((byte[])[(byte)'N', (byte)'N', 0x86], 10_000).SelectMany(pair => pair), (byte)'e', (byte)'0'];
        byte[] copies = [.. Enumerable.Repeat((byte[])[.. Global("collections", "OrderedDict"), (byte)'h', 0, 0x85, (byte)'R'], 1_000).SelectMany(copy => copy)];
        AssertCheap(Checkpoint([.. list, .. copies]), "more than 1000000 pairs");

        static void AssertCheap(byte[] bytes, string expected)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => ReadWhole(bytes)).Message, StringComparison.Ordinal);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
        }
    }

    [Fact]
    public void A_large_dictionary_at_many_places_is_looked_through_once()
    {
        // Visiting it at each of 200,000 places would be 40 billion visits: the test would not end.
        byte[] inner = [(byte)'}', (byte)'(', .. Enumerable.Repeat((byte)'N', 400_000), (byte)'u', (byte)'q', 0, (byte)'0'];
        byte[] outer = [(byte)'}', (byte)'(', .. Enumerable.Repeat((byte[])[(byte)'N', (byte)'h', 0], 200_000).SelectMany(pair => pair), (byte)'u'];
        Assert.Contains("no dictionary of tensors", Assert.Throws<InvalidDataException>(() => ReadWhole(Checkpoint([.. inner, .. outer]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_nested_a_hundred_thousand_deep_is_no_trouble()
    {
        byte[] deep = [.. Enumerable.Repeat((byte)']', 100_000), .. Enumerable.Repeat((byte)'a', 99_999)];
        Assert.Contains("holds a list", Assert.Throws<InvalidDataException>(() => ReadWhole(Checkpoint(deep))).Message, StringComparison.Ordinal);
        ReadWhole(Checkpoint(Dict(("a", Tensor("FloatStorage", "0", 4, [2, 2], [2, 1])), ("deep", deep))));
    }

    [Theory]
    [InlineData("layouts.pt")]
    [InlineData("layouts_legacy.pt")]
    public void A_checkpoint_cut_at_any_byte_is_refused(string name)
    {
        var bytes = File.ReadAllBytes(Reference("pytorch", name));
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => ReadWhole(bytes[..length]));
    }

    private static byte[] Tar()
    {
        var bytes = new byte[1024];
        Encoding.ASCII.GetBytes("sys_info").CopyTo(bytes, 0);
        Encoding.ASCII.GetBytes("ustar  ").CopyTo(bytes, 257);
        return bytes;
    }
}
