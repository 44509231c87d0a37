namespace DeconvNet;

/// <summary>Opens and reads user files: a folder gives a clear error, and memory is bounded whatever the file claims.</summary>
internal static class InputFile
{
    private const int Piece = 1 << 16;

    /// <summary>Opens a file for sequential reading.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it should contain, for the message about a folder: "an image".</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The path is a folder.</exception>
    public static FileStream Open(string path, string expected)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Directory.Exists(path)
            ? throw new InvalidDataException($"'{path}' is a folder; expected {expected}.")
            : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: Piece, FileOptions.SequentialScan);
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <exception cref="InvalidDataException">The stream has more than <paramref name="maxBytes"/> bytes.</exception>
    public static ReadOnlyMemory<byte> ReadAll(Stream stream, string name, int maxBytes)
    {
        var memory = Prepare(stream, name, maxBytes);
        var piece = new byte[Piece];
        for (int read; (read = stream.Read(piece)) > 0;)
            Append(memory, piece.AsSpan(0, read), name, maxBytes);

        return Whole(memory);
    }

    /// <inheritdoc cref="ReadAll"/>
    public static async Task<ReadOnlyMemory<byte>> ReadAllAsync(Stream stream, string name, int maxBytes, CancellationToken cancellationToken)
    {
        var memory = Prepare(stream, name, maxBytes);
        var piece = new byte[Piece];
        for (int read; (read = await stream.ReadAsync(piece, cancellationToken).ConfigureAwait(false)) > 0;)
            Append(memory, piece.AsSpan(0, read), name, maxBytes);

        return Whole(memory);
    }

    private static MemoryStream Prepare(Stream stream, string name, int maxBytes)
    {
        // Pipes and devices have no length, or a wrong one, so bytes are counted as they are read.
        var left = stream.CanSeek ? Math.Max(0, stream.Length - stream.Position) : 0;
        return left <= maxBytes ? new MemoryStream((int)left) : throw TooLong(name, $"{left} bytes", maxBytes);
    }

    private static void Append(MemoryStream memory, ReadOnlySpan<byte> piece, string name, int maxBytes)
    {
        if (memory.Length + piece.Length > maxBytes)
            throw TooLong(name, "more", maxBytes);

        memory.Write(piece);
    }

    private static ReadOnlyMemory<byte> Whole(MemoryStream memory) => memory.GetBuffer().AsMemory(0, (int)memory.Length);

    private static InvalidDataException TooLong(string name, string length, int maxBytes) =>
        new($"'{name}' has {length}; at most {maxBytes} bytes are read.");
}
