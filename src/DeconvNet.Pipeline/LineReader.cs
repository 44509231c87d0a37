namespace DeconvNet;

/// <summary>Reads lines of bounded length, so that a file without line breaks cannot fill memory.</summary>
/// <param name="reader">The text.</param>
/// <param name="name">Name in error messages.</param>
/// <param name="maxLength">Maximum length of a line in characters.</param>
internal sealed class LineReader(TextReader reader, string name, int maxLength)
{
    private readonly char[] block = new char[1 << 14];
    private readonly char[] line = new char[maxLength];
    private int at;
    private int end;

    /// <summary>Number of the current line, from 1; 0 before the first.</summary>
    public int Number { get; private set; }

    /// <summary>The lines of a file, one by one, trimmed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">Expected content, for the message about a folder.</param>
    /// <param name="maxLength">Maximum number of characters in a line.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The path is a folder, or a line is too long.</exception>
    public static IEnumerable<string> TrimmedLines(string path, string expected, int maxLength)
    {
        using var stream = InputFile.Open(path, expected);
        using var text = new StreamReader(stream);
        for (var lines = new LineReader(text, path, maxLength); lines.TryRead(out var line);)
            yield return line.Trim().ToString();
    }

    /// <summary>Reads the next line, without its line break.</summary>
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
