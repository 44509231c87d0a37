using DeconvNet.Imaging;

namespace SegmentWeb;

/// <summary>What visitors may ask of the server; the section <c>SegmentWeb</c> of the configuration.</summary>
internal sealed record SegmentWebOptions
{
    /// <summary>Most bytes of an uploaded file.</summary>
    public int MaxUploadBytes { get; init; } = 12 << 20;

    /// <summary>Most pixels of a photo. One photo is decoded at a time, which takes 7 bytes a pixel.</summary>
    public long MaxPixels { get; init; } = 24_000_000;

    /// <summary>Most visitors who are served or wait at a time; the next one is asked to come back.</summary>
    public int MaxVisitors { get; init; } = 16;

    /// <summary>Most bytes of the results that are kept for downloads; the oldest give way.</summary>
    public long ResultBytes { get; init; } = 256 << 20;

    /// <summary>How long a result is kept at most.</summary>
    public TimeSpan ResultLifetime { get; init; } = TimeSpan.FromMinutes(15);

    public ImageLimits Limits => new() { MaxBytes = MaxUploadBytes, MaxPixels = MaxPixels };
}
