using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

namespace DeconvNet.Tests.Segmentation;

/// <summary>A network that distinguishes red, green and blue: the score of a color is how far it stands out from the other two; background has 40.</summary>
internal sealed class FakeScorer(int side = 16) : IScorer
{
    public int? InputSize => side;

    public InferenceSettings Settings { get; init; } = InferenceSettings.None;

    public int BestBatch { get; init; } = 8;

    public int BatchSizeFor(int count) => BestBatch;

    public IReadOnlyList<string> ClassNames { get; init; } = ["background", "red", "green", "blue"];

    public Preprocessing Preprocessing { get; init; } = new() { Order = ChannelOrder.Rgb };

    public Action? BeforeEachCall { get; init; }

    public List<float[]> Seen { get; } = [];

    public List<int> Batches { get; } = [];

    public bool IsDisposed { get; private set; }

    public void Score(ReadOnlySpan<float> crops, int count, int height, int width, Span<float> scores, CancellationToken cancellationToken = default)
    {
        Assert.Equal((side, side), (height, width));
        BeforeEachCall?.Invoke();
        lock (Seen)
        {
            Batches.Add(count);
            for (var i = 0; i < count; i++)
                Seen.Add(crops.Slice(i * 3 * side * side, 3 * side * side).ToArray());
        }

        var pixels = side * side;
        for (var i = 0; i < count; i++)
        {
            var crop = crops.Slice(i * 3 * pixels, 3 * pixels);
            var score = scores.Slice(i * 4 * pixels, 4 * pixels);
            for (var p = 0; p < pixels; p++)
            {
                var (red, green, blue) = (crop[p], crop[pixels + p], crop[(2 * pixels) + p]);
                score[p] = 40;
                score[pixels + p] = red - Math.Max(green, blue);
                score[(2 * pixels) + p] = green - Math.Max(red, blue);
                score[(3 * pixels) + p] = blue - Math.Max(red, green);
            }
        }
    }

    public void Dispose() => IsDisposed = true;
}
