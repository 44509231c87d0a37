namespace DeconvNet.Weights.Formats;

/// <summary>Type of the values of a stored tensor; the names are those of the safetensors format.</summary>
public enum WeightType
{
    /// <summary>64-bit floating point.</summary>
    F64,

    /// <summary>32-bit floating point.</summary>
    F32,

    /// <summary>16-bit floating point, IEEE 754.</summary>
    F16,

    /// <summary>16-bit floating point with the exponent of <see cref="F32"/>.</summary>
    BF16,

    /// <summary>64-bit integer.</summary>
    I64,

    /// <summary>32-bit integer.</summary>
    I32,

    /// <summary>16-bit integer.</summary>
    I16,

    /// <summary>8-bit integer.</summary>
    I8,

    /// <summary>64-bit unsigned integer.</summary>
    U64,

    /// <summary>32-bit unsigned integer.</summary>
    U32,

    /// <summary>16-bit unsigned integer.</summary>
    U16,

    /// <summary>8-bit unsigned integer.</summary>
    U8,

    /// <summary>Truth value, one byte.</summary>
    Bool,

    /// <summary>8-bit floating point with 4 bits of exponent, without infinities.</summary>
    F8E4M3,

    /// <summary>8-bit floating point with the exponent of <see cref="F16"/>.</summary>
    F8E5M2,

    /// <summary>Any other kind of value: strings, objects, complex numbers, rarer number formats. It is listed and never read.</summary>
    Other,
}

internal static class WeightTypes
{
    /// <summary>Size of one value in bytes; 0 for <see cref="WeightType.Other"/>.</summary>
    public static int Size(this WeightType type) => type switch
    {
        WeightType.F64 or WeightType.I64 or WeightType.U64 => 8,
        WeightType.F32 or WeightType.I32 or WeightType.U32 => 4,
        WeightType.F16 or WeightType.BF16 or WeightType.I16 or WeightType.U16 => 2,
        WeightType.Other => 0,
        _ => 1,
    };

    public static bool IsFloating(this WeightType type) =>
        type is WeightType.F64 or WeightType.F32 or WeightType.F16 or WeightType.BF16 or WeightType.F8E4M3 or WeightType.F8E5M2;

    public static string Code(this WeightType type) => type switch
    {
        WeightType.Bool => "BOOL",
        WeightType.F8E4M3 => "F8_E4M3",
        WeightType.F8E5M2 => "F8_E5M2",
        _ => type.ToString(),
    };

    /// <summary>The type of that code; <see cref="WeightType.Other"/> if there is none.</summary>
    public static WeightType Parse(string? code)
    {
        foreach (var type in Enum.GetValues<WeightType>())
        {
            if (type != WeightType.Other && type.Code() == code)
                return type;
        }

        return WeightType.Other;
    }
}
