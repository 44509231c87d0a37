namespace DeconvNet.Architecture;

/// <summary>Stride of the finest map that an FCN scores, which is the factor of its last upsampling.</summary>
public enum FcnStride
{
    /// <summary>FCN-8s: scores of fc7, pool4 and pool3.</summary>
    Eight = 8,

    /// <summary>FCN-16s: scores of fc7 and pool4.</summary>
    Sixteen = 16,

    /// <summary>FCN-32s: scores of fc7 only.</summary>
    ThirtyTwo = 32,
}
