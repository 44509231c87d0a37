using System.Buffers.Binary;
using System.Text;

namespace DeconvNet.Proposals.Files;

/// <summary>A matrix of numbers.</summary>
/// <param name="Rows">Number of rows, possibly 0.</param>
/// <param name="Columns">Number of columns, possibly 0.</param>
/// <param name="Values">Column by column, <c>Rows · Columns</c> of them.</param>
internal sealed record MatlabMatrix(int Rows, int Columns, double[] Values)
{
    /// <summary>The value in a row and column, counted from 0.</summary>
    public double this[int row, int column] => Values[(column * Rows) + row];
}

/// <summary>Matrices of numbers in MATLAB 5 files, as The MathWorks' document "MAT-File Format" describes them.</summary>
internal static class MatlabFile
{
    /// <summary>Bytes before the first variable: 116 of text, 8 reserved, version, byte order.</summary>
    public const int HeaderLength = 128;

    private const int VersionPlace = 124;
    private const int Version5 = 0x0100;
    private const int Version73 = 0x0200;

    // The boxes of an image take tens of kilobytes, so files are read into memory.
    private const int MaxBytes = 1 << 28;

    /// <summary>Whether a file starts like a MATLAB file of version 5 or later.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> start) =>
        start.StartsWith("MATLAB "u8) || (start.Length >= HeaderLength && (start[^2..].SequenceEqual("IM"u8) || start[^2..].SequenceEqual("MI"u8)));

    /// <summary>Reads the variables with the given names that the file has; others are skipped.</summary>
    /// <exception cref="InvalidDataException">The file is malformed, of a different version or larger than 256 MiB, or one of the variables is not a matrix of real numbers.</exception>
    public static Dictionary<string, MatlabMatrix> Read(Stream stream, string path, IReadOnlyCollection<string> names)
    {
        if (stream.Length > MaxBytes)
            throw new InvalidDataException($"'{path}' has {stream.Length} bytes; expected at most {MaxBytes} for the boxes of one image.");

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        if (bytes.Length < HeaderLength)
            throw new InvalidDataException($"'{path}' ends after {bytes.Length} bytes, inside the header of a MATLAB file.");

        var bigEndian = bytes.AsSpan(HeaderLength - 2, 2).SequenceEqual("MI"u8);
        var version = bytes.AsSpan(VersionPlace);
        var number = bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(version) : BinaryPrimitives.ReadUInt16LittleEndian(version);
        if (number == Version73)
            throw new InvalidDataException($"'{path}' is a MATLAB 7.3 file (HDF5); save it with the option -v7 or -v6.");
        if (number != Version5)
            throw new InvalidDataException($"'{path}' has the version {number:x4} of MATLAB files; expected {Version5:x4}.");

        var found = new Dictionary<string, MatlabMatrix>();
        var place = HeaderLength;
        while (place < bytes.Length)
        {
            try
            {
                var elements = new MatlabElements(bytes.AsSpan(place), bigEndian);
                var type = elements.Next(out var data, padded: false);
                if (MatlabVariable.Read(type, data, bigEndian, names) is (var name, var matrix) && !found.TryAdd(name, matrix))
                    throw new FormatException($"'{name}' occurs twice");
                place += elements.Position;
            }
            catch (Exception fault) when (fault is FormatException or InvalidDataException)
            {
                throw new InvalidDataException($"'{path}', variable at byte {place}: {fault.Message.TrimEnd('.')}.", fault);
            }
        }

        return found;
    }

    /// <summary>Writes matrices of doubles, little-endian and uncompressed, which every reader supports.</summary>
    public static void Write(Stream stream, params ReadOnlySpan<(string Name, MatlabMatrix Matrix)> variables)
    {
        using var writer = new BinaryWriter(stream, Encoding.ASCII, leaveOpen: true);
        writer.Write(Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file, boxes of DeconvNet.Core".PadRight(VersionPlace)));
        writer.Write((ushort)Version5);
        writer.Write("IM"u8);
        foreach (var (name, matrix) in variables)
            MatlabVariable.Write(writer, name, matrix);
    }
}
