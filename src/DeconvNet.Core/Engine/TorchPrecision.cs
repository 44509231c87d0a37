namespace DeconvNet.Engine;

/// <summary>Number format in which libtorch computes the layers of a network.</summary>
public enum TorchPrecision
{
    /// <summary>The format of the model: 32-bit numbers, unless its owner converted it.</summary>
    Full,

    /// <summary>
    /// 16 bits with the range of 32-bit numbers and 8 significant bits. For GPUs, and for processors with AVX-512 BF16 or AMX, on which a network takes little more than half of the time. Where
    /// oneDNN is wrong with it or turned off (<see cref="Runtime.TorchRuntime"/>), the CPU uses the format of the model instead.
    /// </summary>
    BFloat16,

    /// <summary>16 bits with 11 significant bits and a maximum of 65,504. For GPUs; on the CPU the format of the model is used instead.</summary>
    Half,
}
