using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace DeconvNet;

/// <summary>
/// Reads JSON token by token from a stream of any length; memory is bounded by the longest string or number, which is limited.
/// (A serializer would build ignored members in memory first.)
/// </summary>
internal sealed class JsonStream(Stream stream)
{
    private const int MaxToken = 1 << 20;

    private byte[] buffer = new byte[1 << 14];
    private JsonReaderState state = new(new JsonReaderOptions { MaxDepth = 64 });
    private int at;
    private int end;
    private bool isLast;
    private int valueAt;
    private int valueLength;
    private int tokenAt;
    private long bufferAt;

    /// <summary>The current token.</summary>
    public JsonTokenType Type { get; private set; }

    /// <summary>Nesting depth of the current token.</summary>
    public int Depth { get; private set; }

    /// <summary>Position of the current token in the stream.</summary>
    public long Start => bufferAt + tokenAt;

    /// <summary>Position in the stream after the current token.</summary>
    public long End => bufferAt + at;

    /// <summary>Moves to the next token; false at the end.</summary>
    /// <exception cref="JsonException">The text is not JSON, or a token is too long.</exception>
    public bool Read()
    {
        if (end == 0 && !isLast)
        {
            Fill();
            if (buffer.AsSpan(0, end).StartsWith("\uFEFF"u8))
                at = "\uFEFF"u8.Length;
        }

        while (true)
        {
            var reader = new Utf8JsonReader(buffer.AsSpan(at, end - at), isLast, state);
            var found = reader.Read();
            if (found)
            {
                (Type, Depth) = (reader.TokenType, reader.CurrentDepth);
                tokenAt = at + (int)reader.TokenStartIndex;
                valueAt = tokenAt + (Type is JsonTokenType.PropertyName or JsonTokenType.String ? 1 : 0);
                valueLength = reader.ValueSpan.Length;
            }

            at += (int)reader.BytesConsumed;
            state = reader.CurrentState;
            if (found)
                return true;

            if (isLast)
                return false;

            Fill();
        }
    }

    /// <summary>Skips the value that starts with the current token.</summary>
    public void Skip()
    {
        if (Type is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return;

        for (var outside = Depth; Read() && Depth > outside;)
        {
        }
    }

    /// <summary>The current name or string; <paramref name="place"/> identifies it in messages.</summary>
    /// <exception cref="FormatException">The value is not valid text: a lone surrogate, or not UTF-8.</exception>
    public string Text(string place)
    {
        var reader = new Utf8JsonReader([(byte)'"', .. buffer.AsSpan(valueAt, valueLength), (byte)'"']);
        reader.Read();
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException fault)
        {
            throw new FormatException($"{place} holds half a surrogate pair, or bytes that are not UTF-8", fault);
        }
    }

    /// <summary>The current number; false if the token is not a number.</summary>
    public bool TryNumber<T>(out T number)
        where T : struct, INumber<T>
    {
        number = default;
        return Type == JsonTokenType.Number && T.TryParse(buffer.AsSpan(valueAt, valueLength), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    private void Fill()
    {
        if (at == 0 && end == buffer.Length)
        {
            if (buffer.Length >= MaxToken)
                throw new JsonException($"a text or number has more than {MaxToken} bytes");

            Array.Resize(ref buffer, 2 * buffer.Length);
        }

        buffer.AsSpan(at, end - at).CopyTo(buffer);
        bufferAt += at;
        (at, end) = (0, end - at);
        var read = stream.Read(buffer.AsSpan(end));
        end += read;
        isLast = read == 0;
    }
}
