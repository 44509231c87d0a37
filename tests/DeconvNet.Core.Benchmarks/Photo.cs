using DeconvNet.Imaging;

namespace DeconvNet.Benchmarks;

/// <summary>The photos of the samples.</summary>
internal static class Photo
{
    private static readonly string folder = System.IO.Path.Combine(AppContext.BaseDirectory, "photos");

    /// <summary>The photo that all work on.</summary>
    public static string Path { get; } = System.IO.Path.Combine(folder, "cat.jpg");

    public static IReadOnlyList<string> Paths { get; } = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)];

    public static RgbImage Load() => RgbImage.Load(Path);
}
