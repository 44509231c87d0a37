namespace DeconvNet.Architecture;

/// <summary>Which upsampling layers of an FCN are trained; all start as bilinear interpolation.</summary>
public enum FcnUpsampling
{
    /// <summary>None (the published prototxts, with a learning rate of 0).</summary>
    Fixed,

    /// <summary>All but the last (the paper, section 4.3).</summary>
    LearnedBetweenSkips,

    /// <summary>All.</summary>
    Learned,
}
