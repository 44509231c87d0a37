using DeconvNet.Imaging;

namespace SegmentWeb;

/// <summary>Limits for visitors; the section <c>SegmentWeb</c> of the configuration.</summary>
internal sealed record SegmentWebOptions
{
    /// <summary>Maximum size of an uploaded file in bytes.</summary>
    public int MaxUploadBytes { get; init; } = 12 << 20;

    /// <summary>Maximum number of pixels of a photo. One photo is decoded at a time, which takes 7 bytes per pixel.</summary>
    public long MaxPixels { get; init; } = 24_000_000;

    /// <summary>Maximum number of visitors being served or waiting; further ones are asked to come back later.</summary>
    public int MaxVisitors { get; init; } = 16;

    /// <summary>Maximum memory in bytes of the results kept for downloads; the oldest are dropped.</summary>
    public long ResultBytes { get; init; } = 256 << 20;

    /// <summary>Maximum time for which a result is kept.</summary>
    public TimeSpan ResultLifetime { get; init; } = TimeSpan.FromMinutes(15);

    public ImageLimits Limits => new() { MaxBytes = MaxUploadBytes, MaxPixels = MaxPixels };
}
