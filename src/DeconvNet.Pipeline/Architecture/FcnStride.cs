namespace DeconvNet.Architecture;

/// <summary>How fine the maps are from which an FCN predicts: its last upsampling enlarges by this.</summary>
public enum FcnStride
{
    /// <summary>FCN-8s: scores of fc7, pool4 and pool3.</summary>
    Eight = 8,

    /// <summary>FCN-16s: scores of fc7 and pool4.</summary>
    Sixteen = 16,

    /// <summary>FCN-32s: scores of fc7 only.</summary>
    ThirtyTwo = 32,
}
