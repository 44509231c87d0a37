using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using DeconvNet.Architecture;

namespace DeconvNet.Weights.Formats;

/// <summary>The header of a NumPy array: type, byte order and layout. It is a Python literal, which is parsed and never executed.</summary>
internal sealed record NpyHeader(WeightType Type, bool IsBigEndian, StridedLayout Layout, int Length)
{
    private const int MaxLength = 1 << 16;
    private const int MaxAxes = 32;

    /// <summary>Size of one value in bytes; <see langword="null"/> if unknown.</summary>
    public int? Size { get; private init; }

    /// <summary>NumPy's name of the type if it is <see cref="WeightType.Other"/>.</summary>
    public string? TypeName { get; private init; }

    /// <summary>Why the values cannot be read; <see langword="null"/> if they can.</summary>
    public string? Unreadable { get; private init; }

    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads the header; the stream is then positioned at the first value.</summary>
    /// <exception cref="InvalidDataException">The header is damaged.</exception>
    public static NpyHeader Read(Stream stream, string what)
    {
        Span<byte> prefix = stackalloc byte[12];
        WeightValues.ReadExactly(stream, prefix[..8], what);
        if (!prefix.StartsWith(Magic) || prefix[6] is < 1 or > 3)
            throw new InvalidDataException($"{what}, byte 0: this is not a NumPy array of format 1, 2 or 3.");
        var lengthBytes = prefix[6] == 1 ? 2 : 4;
        WeightValues.ReadExactly(stream, prefix.Slice(8, lengthBytes), what);
        var length = lengthBytes == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(prefix[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(prefix[8..]);
        if (length > MaxLength)
            throw new InvalidDataException($"{what}, byte 8: the header claims {length} bytes; expected at most {MaxLength}.");
        var text = new byte[length];
        WeightValues.ReadExactly(stream, text, what);
        return Parse(Encoding.Latin1.GetString(text), what, 8 + lengthBytes + (int)length);
    }

    private static NpyHeader Parse(string text, string what, int length)
    {
        var literal = new NpyLiteral(text, what);
        string? type = null;
        bool? isFortran = null;
        long[]? shape = null;
        literal.Expect('{');
        while (!literal.TryTake('}'))
        {
            var key = literal.TakeString();
            literal.Expect(':');
            switch (key)
            {
                case "descr" when type is null:
                    type = literal.TakeType();
                    break;
                case "fortran_order" when isFortran is null:
                    isFortran = literal.TakeBool();
                    break;
                case "shape" when shape is null:
                    shape = literal.TakeShape(MaxAxes);
                    break;
                default:
                    throw literal.Fault($"the key '{StoredName.Show(key)}' is unknown or stands twice");
            }

            if (!literal.TryTake(','))
            {
                literal.Expect('}');
                break;
            }
        }

        literal.ExpectEnd();
        if (type is null || isFortran is not { } columnMajor || shape is null)
            throw literal.Fault("the header lacks descr, fortran_order or shape");
        var known = ParseType(type, literal);
        var size = known == WeightType.Other ? SizeOfOther(type) : known.Size();
        if (WeightShape.Count([.. shape, Math.Max(sizeof(double), size ?? 0)]) is null)
            throw literal.Fault($"the shape {WeightShape.Text(shape)} is impossible");
        var layout = columnMajor ? StridedLayout.ColumnMajor(shape) : StridedLayout.RowMajor(shape);
        return new(known, type[0] == '>', layout, length)
        {
            Size = size,
            TypeName = known == WeightType.Other ? type : null,
            Unreadable = known == WeightType.Other ? WhyUnreadable(type) : null,
        };
    }

    private static WeightType ParseType(string type, NpyLiteral literal) => type switch
    {
        ['<' or '>' or '=' or '|', .. var code] => code switch
        {
            "f2" => WeightType.F16,
            "f4" => WeightType.F32,
            "f8" => WeightType.F64,
            "i8" => WeightType.I64,
            "i4" => WeightType.I32,
            "i2" => WeightType.I16,
            "i1" => WeightType.I8,
            "u8" => WeightType.U64,
            "u4" => WeightType.U32,
            "u2" => WeightType.U16,
            "u1" => WeightType.U8,
            "b1" => WeightType.Bool,
            _ => WeightType.Other,
        },
        ['[', ..] => WeightType.Other,
        _ => throw literal.Fault($"the type '{StoredName.Show(type)}' has no byte order"),
    };

    /// <summary>Size in bytes of a string, complex number, date, …; <see langword="null"/> for objects and structured types.</summary>
    private static int? SizeOfOther(string type) =>
        type.Length > 2 && int.TryParse(type.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is > 0 and < 1 << 20
            ? type[1] == 'U' ? 4 * size : size
            : null;

    private static string WhyUnreadable(string type) => type switch
    {
        [_, 'O', ..] => "the array holds pickled Python objects (dtype object), which are never loaded. Save plain arrays with numpy.savez('weights.npz', **arrays)",
        ['[', ..] => "structured types are not read",
        _ => $"the type '{StoredName.Show(type)}' is none of numbers; expected f2, f4, f8 or a whole number",
    };
}
