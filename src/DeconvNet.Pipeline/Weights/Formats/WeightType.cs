namespace DeconvNet.Weights.Formats;

/// <summary>Value type of a stored tensor, named as in the safetensors format.</summary>
public enum WeightType
{
    /// <summary>64-bit floating point.</summary>
    F64,

    /// <summary>32-bit floating point.</summary>
    F32,

    /// <summary>16-bit floating point, IEEE 754.</summary>
    F16,

    /// <summary>16-bit floating point with the exponent range of <see cref="F32"/> (bfloat16).</summary>
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

    /// <summary>Boolean, one byte.</summary>
    Bool,

    /// <summary>8-bit floating point with 4 exponent bits, without infinities.</summary>
    F8E4M3,

    /// <summary>8-bit floating point with 5 exponent bits, like <see cref="F16"/>.</summary>
    F8E5M2,

    /// <summary>Any other type: strings, objects, complex numbers, rarer number formats. Listed, but never read.</summary>
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

    /// <summary>The type with the given code; <see cref="WeightType.Other"/> if unknown.</summary>
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
