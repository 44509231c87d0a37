using DeconvNet.Imaging;

namespace DeconvNet.Benchmarks;

/// <summary>The photo that all work on.</summary>
internal static class Photo
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "cat.jpg");

    public static RgbImage Load() => RgbImage.Load(Path);
}
