using System.Globalization;

namespace DeconvNet.Weights.Formats;

/// <summary>Parser for the subset of Python literals used in NumPy headers.</summary>
internal sealed class NpyLiteral(string text, string what)
{
    private int position;

    public bool TryTake(char expected)
    {
        SkipSpace();
        if (position == text.Length || text[position] != expected)
            return false;
        position++;
        return true;
    }

    public void Expect(char expected)
    {
        if (!TryTake(expected))
            throw Fault($"expected '{expected}'");
    }

    public void ExpectEnd()
    {
        SkipSpace();
        if (position < text.Length)
            throw Fault("expected the end of the header");
    }

    public string TakeString()
    {
        SkipSpace();
        if (position == text.Length || text[position] is not ('\'' or '"'))
            throw Fault("expected a string");
        var end = text.IndexOf(text[position], position + 1);
        if (end < 0)
            throw Fault("a string does not end");
        var value = text[(position + 1)..end];
        position = end + 1;
        return value;
    }

    /// <summary>A type: a string, or the raw list of fields of a structured type.</summary>
    public string TakeType()
    {
        SkipSpace();
        if (position == text.Length || text[position] != '[')
            return TakeString();
        var end = text.IndexOf("], '", position, StringComparison.Ordinal);
        if (end < 0)
            throw Fault("a structured type does not end");
        var value = text[position..(end + 1)];
        position = end + 1;
        return value;
    }

    public bool TakeBool()
    {
        SkipSpace();
        foreach (var value in (bool[])[true, false])
        {
            if (string.CompareOrdinal(text, position, value ? "True" : "False", 0, value ? 4 : 5) == 0)
            {
                position += value ? 4 : 5;
                return value;
            }
        }

        throw Fault("expected True or False");
    }

    public long[] TakeShape(int maxAxes)
    {
        var sides = new List<long>();
        Expect('(');
        while (!TryTake(')'))
        {
            sides.Add(TakeNumber());
            if (sides.Count > maxAxes)
                throw Fault($"more than {maxAxes} axes");
            if (!TryTake(','))
            {
                Expect(')');
                break;
            }
        }

        return [.. sides];
    }

    public InvalidDataException Fault(string fault) => new($"{what}, character {position} of the header: {fault}.");

    private long TakeNumber()
    {
        SkipSpace();
        var end = position;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        if (!long.TryParse(text.AsSpan(position, end - position), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw Fault("expected a side of the shape, a whole number");

        // Python 2 wrote long integers with an L suffix.
        position = end < text.Length && text[end] == 'L' ? end + 1 : end;
        return number;
    }

    private void SkipSpace()
    {
        while (position < text.Length && (text[position] is ' ' or '\n'))
            position++;
    }
}
