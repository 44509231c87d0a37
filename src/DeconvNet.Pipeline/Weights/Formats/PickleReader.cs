using System.Buffers.Binary;
using System.Text;

namespace DeconvNet.Weights.Formats;

/// <summary>
/// Reads pickles of <c>torch.save</c> (Python's pickle protocols 2 to 5) without executing anything: dictionaries, lists, sets, tuples, numbers,
/// strings, bytes, and the few globals that rebuild a tensor. The stack machine never recurses; bytes, steps and sizes are bounded.
/// </summary>
internal sealed partial class PickleReader
{
    /// <summary>Advice on converting an unsupported file.</summary>
    public const string Advice = "In Python, if you trust the file, save its tensors alone: torch.save(torch.load('old.pth', map_location='cpu', weights_only=False), 'new.pth') for an old form, torch.save(model.state_dict(), 'new.pth') for a whole model";

    private const int MaxLength = 1 << 24;
    private const int MaxSteps = 1_000_000;

    private readonly Stream stream;
    private readonly string source;
    private readonly Action<PickledStorage>? onStorage;
    private readonly long start;
    private readonly long end;
    private readonly List<object?> stack = [];
    private readonly List<int> marks = [];
    private readonly Dictionary<uint, object?> memo = [];
    private long copied;

    private PickleReader(Stream stream, string source, Action<PickledStorage>? onStorage)
    {
        this.onStorage = onStorage;
        this.stream = stream;
        this.source = source;
        start = stream.Position;
        end = Math.Min(stream.Length, start + MaxLength);
    }

    /// <summary>Reads one pickle and leaves the stream, preferably a buffered one, after it.</summary>
    /// <param name="stream">The stream, positioned at the first byte.</param>
    /// <param name="source">Name in error messages.</param>
    /// <param name="onStorage">Called for every storage that occurs.</param>
    /// <exception cref="InvalidDataException">The pickle is damaged, too large, or uses something unsupported, which the message names.</exception>
    public static object? Read(Stream stream, string source, Action<PickledStorage>? onStorage = null) => new PickleReader(stream, source, onStorage).Run();

    private object? Run()
    {
        if (ReadByte() != 0x80 || ReadByte() is < 2 or > 5)
            throw Fault("this is not a pickle of protocol 2 to 5");
        for (var step = 0; step < MaxSteps; step++)
        {
            var code = ReadByte();
            if (code == '.')
                return Pop();
            if (!Value(code) && !Collection(code) && !Memo(code) && !Call(code))
                throw Fault($"the operation 0x{code:X2} is not read");
        }

        throw Fault($"more than {MaxSteps} operations");
    }

    private bool Value(byte code)
    {
        switch (code)
        {
            case 0x95:
                if (ReadUInt64() > (ulong)(end - stream.Position))
                    throw Fault("a frame is longer than the pickle");
                return true;
            case (byte)'N':
                return Push(null);
            case 0x88:
                return Push(true);
            case 0x89:
                return Push(false);
            case (byte)'J':
                return Push((long)(int)ReadUInt32());
            case (byte)'K':
                return Push((long)ReadByte());
            case (byte)'M':
                return Push((long)(ReadByte() | (ReadByte() << 8)));
            case 0x8A:
                return PushNumber(ReadLong(ReadByte()));
            case 0x8B:
                return PushNumber(ReadLong(ReadUInt32()));
            case (byte)'G':
                return Push(BitConverter.UInt64BitsToDouble(BinaryPrimitives.ReverseEndianness(ReadUInt64())));
            case (byte)'X':
                return Push(ReadText(ReadUInt32(), Encoding.UTF8));
            case 0x8C:
                return Push(ReadText(ReadByte(), Encoding.UTF8));
            case 0x8D:
                return Push(ReadText(ReadUInt64(), Encoding.UTF8));

            // Bytes and byte arrays.
            case (byte)'C':
                return SkipBytes(ReadByte());
            case (byte)'B':
                return SkipBytes(ReadUInt32());
            case 0x8E or 0x96:
                return SkipBytes(ReadUInt64());

            // Python 2 strings.
            case (byte)'U':
                return Push(ReadText(ReadByte(), Encoding.Latin1));
            case (byte)'T':
                return Push(ReadText(ReadUInt32(), Encoding.Latin1));
            default:
                return false;
        }
    }

    private bool Collection(byte code)
    {
        switch (code)
        {
            case (byte)'(':
                marks.Add(stack.Count);
                return true;
            case (byte)'0':
                Pop();
                return true;
            case (byte)'1':
                PopMarked();
                return true;
            case (byte)')':
                return Push(Array.Empty<object?>());
            case 0x85 or 0x86 or 0x87:
                return Push(PopMany(code - 0x84));
            case (byte)'t':
                return Push(PopMarked());
            case (byte)']' or 0x8F:
                return Push(new PickledList());
            case (byte)'l' or 0x91:
                return Push(Fill(new PickledList(), PopMarked()));
            case (byte)'a':
                Fill(Target<PickledList>(1), PopMany(1));
                return true;
            case (byte)'e' or 0x90:
                var items = PopMarked();
                Fill(Target<PickledList>(0), items);
                return true;
            case (byte)'}':
                return Push(new PickledDict());
            case (byte)'d':
                return Push(Fill(new PickledDict(), PopMarked()));
            case (byte)'s':
                Fill(Target<PickledDict>(2), PopMany(2));
                return true;
            case (byte)'u':
                var pairs = PopMarked();
                Fill(Target<PickledDict>(0), pairs);
                return true;
            default:
                return false;
        }
    }

    private bool Memo(byte code)
    {
        switch (code)
        {
            case (byte)'q':
                memo[ReadByte()] = Peek(0);
                return true;
            case (byte)'r':
                memo[ReadUInt32()] = Peek(0);
                return true;
            case 0x94:
                memo[(uint)memo.Count] = Peek(0);
                return true;
            case (byte)'h':
                return Push(Recall(ReadByte()));
            case (byte)'j':
                return Push(Recall(ReadUInt32()));
            default:
                return false;
        }
    }

    private object? Recall(uint place) => memo.TryGetValue(place, out var value) ? value : throw Fault($"nothing was remembered as {place}");

    private static PickledList Fill(PickledList list, object?[] items)
    {
        list.Items.AddRange(items);
        return list;
    }

    private PickledDict Fill(PickledDict dict, object?[] items)
    {
        if (items.Length % 2 != 0)
            throw Fault("a dictionary has a key without a value");
        for (var i = 0; i < items.Length; i += 2)
            dict.Add(items[i], items[i + 1]);
        return dict;
    }

    private bool Push(object? value)
    {
        stack.Add(value);
        return true;
    }

    private object? Peek(int below)
    {
        var at = stack.Count - 1 - below;
        return at >= (marks.Count > 0 ? marks[^1] : 0) ? stack[at] : throw Fault("the stack is empty");
    }

    private object? Pop()
    {
        var value = Peek(0);
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private object?[] PopMany(int count)
    {
        Peek(count - 1);
        object?[] values = [.. stack[^count..]];
        stack.RemoveRange(stack.Count - count, count);
        return values;
    }

    private object?[] PopMarked()
    {
        if (marks.Count == 0)
            throw Fault("nothing was marked");
        var count = stack.Count - marks[^1];
        object?[] values = [.. stack[^count..]];
        stack.RemoveRange(stack.Count - count, count);
        marks.RemoveAt(marks.Count - 1);
        return values;
    }

    private T Target<T>(int below)
        where T : class
        => Peek(below) as T ?? throw Fault($"something is put into what is not a {(typeof(T) == typeof(PickledDict) ? "dictionary" : "list")}");

    private Int128 ReadLong(uint length)
    {
        if (length > 16)
            throw Fault($"a number of {length} bytes");
        Span<byte> bytes = stackalloc byte[16];
        ReadExactly(bytes[..(int)length]);
        if (length > 0 && bytes[(int)length - 1] > 127)
            bytes[(int)length..].Fill(0xFF);
        return BinaryPrimitives.ReadInt128LittleEndian(bytes);
    }

    private bool PushNumber(Int128 value) => value >= long.MinValue && value <= long.MaxValue ? Push((long)value) : Push(value);

    private string ReadText(ulong length, Encoding encoding)
    {
        if (length > (ulong)Math.Max(0, end - stream.Position))
            throw Fault($"a text claims {length} bytes");
        var bytes = new byte[length];
        ReadExactly(bytes);
        return encoding.GetString(bytes);
    }

    private bool SkipBytes(ulong length)
    {
        if (length > (ulong)Math.Max(0, end - stream.Position))
            throw Fault($"a row of bytes claims {length}");
        stream.Position += (long)length;
        return Push(PickledBytes.Any);
    }

    private string ReadLine()
    {
        var bytes = new List<byte>();
        for (var next = ReadByte(); next != '\n'; next = ReadByte())
            bytes.Add(next);
        return Encoding.UTF8.GetString([.. bytes]);
    }

    private byte ReadByte()
    {
        var next = stream.Position < end ? stream.ReadByte() : -1;
        return next >= 0 ? (byte)next : throw Fault(stream.Position - start >= MaxLength ? $"it is longer than {MaxLength} bytes" : "it is cut short");
    }

    private uint ReadUInt32()
    {
        Span<byte> bytes = stackalloc byte[4];
        ReadExactly(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    private ulong ReadUInt64()
    {
        Span<byte> bytes = stackalloc byte[8];
        ReadExactly(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private void ReadExactly(Span<byte> bytes)
    {
        if (bytes.Length > end - stream.Position || stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw Fault("it is cut short");
    }

    private InvalidDataException Fault(string what) => new($"{source}, byte {stream.Position - start} of the pickle: {what}.");
}
