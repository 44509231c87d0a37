namespace DeconvNet;

/// <summary>Reads lines of bounded length, so that a file without a line end cannot fill memory.</summary>
/// <param name="reader">The text.</param>
/// <param name="name">What messages call it.</param>
/// <param name="maxLength">Max characters of a line.</param>
internal sealed class LineReader(TextReader reader, string name, int maxLength)
{
    private readonly char[] block = new char[1 << 14];
    private readonly char[] line = new char[maxLength];
    private int at;
    private int end;

    /// <summary>Number of the current line, from 1; 0 before the first.</summary>
    public int Number { get; private set; }

    /// <summary>The lines of a file, one by one, without white space around them.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it should hold, for the message about a folder.</param>
    /// <param name="maxLength">Max characters of a line.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The path is a folder, or a line is too long.</exception>
    public static IEnumerable<string> TrimmedLines(string path, string expected, int maxLength)
    {
        using var stream = InputFile.Open(path, expected);
        using var text = new StreamReader(stream);
        for (var lines = new LineReader(text, path, maxLength); lines.TryRead(out var line);)
            yield return line.Trim().ToString();
    }

    /// <summary>Takes the next line, without its end.</summary>
    /// <param name="text">The line, valid until the next call.</param>
    /// <returns>False at the end of the text.</returns>
    /// <exception cref="InvalidDataException">The line is too long.</exception>
    public bool TryRead(out ReadOnlySpan<char> text)
    {
        text = default;
        var length = 0;
        while (at < end || Fill())
        {
            var rest = block.AsSpan(at, end - at);
            var lineEnd = rest.IndexOf('\n');
            var part = lineEnd < 0 ? rest : rest[..lineEnd];
            if (length + part.Length > maxLength)
                throw new InvalidDataException($"{name}, line {Number + 1}: longer than {maxLength} characters.");

            part.CopyTo(line.AsSpan(length));
            length += part.Length;
            at += lineEnd < 0 ? part.Length : part.Length + 1;
            if (lineEnd >= 0)
                return Take(length, out text);
        }

        return length > 0 && Take(length, out text);
    }

    private bool Take(int length, out ReadOnlySpan<char> text)
    {
        Number++;
        text = line.AsSpan(0, length > 0 && line[length - 1] == '\r' ? length - 1 : length);
        return true;
    }

    private bool Fill()
    {
        (at, end) = (0, reader.Read(block));
        return end > 0;
    }
}
