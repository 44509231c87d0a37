using System.Runtime.InteropServices;

namespace DeconvNet.Weights.Formats;

/// <summary>Converts stored values of any type to 32-bit floating point.</summary>
internal static class WeightValues
{
    private const int ChunkLength = 1 << 18;

    /// <summary>Fills <paramref name="values"/> with values of <paramref name="type"/> from the stream.</summary>
    /// <exception cref="InvalidDataException">The stream ends too early.</exception>
    public static void Read(Stream stream, WeightType type, bool isBigEndian, Span<float> values, string what)
    {
        var size = type.Size();
        if (type == WeightType.F32 && !isBigEndian)
        {
            ReadExactly(stream, MemoryMarshal.AsBytes(values), what);
            return;
        }

        var buffer = new byte[(int)Math.Min(ChunkLength, (long)values.Length * size)];
        while (values.Length > 0)
        {
            var part = values[..Math.Min(buffer.Length / size, values.Length)];
            var bytes = buffer.AsSpan(0, part.Length * size);
            ReadExactly(stream, bytes, what);
            if (isBigEndian)
                Reverse(bytes, size);
            Convert(bytes, type, part);
            values = values[part.Length..];
        }
    }

    public static void ReadExactly(Stream stream, Span<byte> bytes, string what)
    {
        int count;
        try
        {
            count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{what}: the packed data is damaged: {error.Message}", error);
        }

        if (count < bytes.Length)
            throw new InvalidDataException($"{what}: the data ends before the last value.");
    }

    /// <summary>Converts little-endian values.</summary>
    public static void Convert(ReadOnlySpan<byte> bytes, WeightType type, Span<float> values)
    {
        switch (type)
        {
            case WeightType.F64:
                Each<double>(bytes, values, value => (float)value);
                break;
            case WeightType.F32:
                MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
                break;
            case WeightType.F16:
                Each<Half>(bytes, values, value => (float)value);
                break;
            case WeightType.BF16:
                Each<ushort>(bytes, values, value => BitConverter.UInt32BitsToSingle((uint)value << 16));
                break;
            case WeightType.F8E5M2:
                Each<byte>(bytes, values, value => (float)BitConverter.UInt16BitsToHalf((ushort)(value << 8)));
                break;
            case WeightType.F8E4M3:
                Each<byte>(bytes, values, FromE4M3);
                break;
            case WeightType.I64:
                Each<long>(bytes, values, value => value);
                break;
            case WeightType.I32:
                Each<int>(bytes, values, value => value);
                break;
            case WeightType.I16:
                Each<short>(bytes, values, value => value);
                break;
            case WeightType.I8:
                Each<sbyte>(bytes, values, value => value);
                break;
            case WeightType.U64:
                Each<ulong>(bytes, values, value => value);
                break;
            case WeightType.U32:
                Each<uint>(bytes, values, value => value);
                break;
            case WeightType.U16:
                Each<ushort>(bytes, values, value => value);
                break;
            default:
                Each<byte>(bytes, values, value => value);
                break;
        }
    }

    private static void Each<T>(ReadOnlySpan<byte> bytes, Span<float> values, Func<T, float> convert)
        where T : unmanaged
    {
        var source = MemoryMarshal.Cast<byte, T>(bytes);
        for (var i = 0; i < values.Length; i++)
            values[i] = convert(source[i]);
    }

    // Sign, four exponent bits with bias 7, three mantissa bits; no infinity, and only the largest code is NaN.
    private static float FromE4M3(byte code)
    {
        var (exponent, mantissa) = ((code >> 3) & 15, code & 7);
        var magnitude = (exponent, mantissa) switch
        {
            (15, 7) => float.NaN,
            (0, _) => MathF.ScaleB(mantissa, -9),
            _ => MathF.ScaleB(8 + mantissa, exponent - 10),
        };
        return code < 128 ? magnitude : -magnitude;
    }

    private static void Reverse(Span<byte> bytes, int size)
    {
        for (var i = 0; i < bytes.Length; i += size)
            bytes.Slice(i, size).Reverse();
    }
}
