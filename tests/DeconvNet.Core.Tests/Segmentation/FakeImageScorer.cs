using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

namespace DeconvNet.Tests.Segmentation;

/// <summary>A network that tells red, green and blue pixels apart, with the background at 40, and remembers what it saw.</summary>
internal sealed class FakeImageScorer : IScorer
{
    public int? InputSize => null;

    public InferenceSettings Settings { get; init; } = InferenceSettings.None;

    public IReadOnlyList<string> ClassNames { get; init; } = ["background", "red", "green", "blue"];

    public Preprocessing Preprocessing { get; init; } = new() { Order = ChannelOrder.Rgb };

    public List<(int Width, int Height, float[] Planes)> Seen { get; } = [];

    public Action? BeforeEachCall { get; init; }

    public bool IsDisposed { get; private set; }

    public void Score(ReadOnlySpan<float> planes, int count, int height, int width, Span<float> scores)
    {
        Assert.Equal(1, count);
        BeforeEachCall?.Invoke();
        lock (Seen)
            Seen.Add((width, height, planes.ToArray()));
        var pixels = width * height;
        for (var i = 0; i < pixels; i++)
        {
            var (red, green, blue) = (planes[i], planes[pixels + i], planes[(2 * pixels) + i]);
            scores[i] = 40;
            scores[pixels + i] = red - Math.Max(green, blue);
            scores[(2 * pixels) + i] = green - Math.Max(red, blue);
            scores[(3 * pixels) + i] = blue - Math.Max(red, green);
        }
    }

    public void Dispose() => IsDisposed = true;
}
