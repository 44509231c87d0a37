using CsCheck;
using DeconvNet.Proposals.Search;

namespace DeconvNet.Tests.Proposals;

public class WindowSuppressionTests
{
    private static readonly ScoredWindow Best = new(new Window(10, 20, 10, 10), 0.9f);

    /// <summary>90 of 110 pixels are shared: an IoU of 0.818.</summary>
    private static readonly ScoredWindow Shifted = new(new Window(10, 21, 10, 10), 0.8f);

    [Fact]
    public void Windows_are_kept_as_the_greedy_rule_says_when_computed_literally() =>
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, 5].Select(i => new[] { 0.3f, 0.5f, 0.65f, 0.8f, 0.99f, 0.995f }[i]), Gen.Int[0, 2].Select(i => new[] { 1f, 0.98f, 0.7f }[i]), Gen.Int[1, 400]).Sample(
            (seed, beta, eta, maxCount) =>
            {
                var random = new Random(seed);
                var side = random.Next(2, 60);
                var windows = Enumerable.Range(0, random.Next(1, 400)).Select(_ => new ScoredWindow(
                    new Window(random.Next(50), random.Next(50), random.Next(side), random.Next(side)), random.Next(1, 30) / 32f)).ToArray();

                Assert.Equal(Literal(windows, beta, eta, maxCount), Keep(windows, beta, eta, maxCount));
            },
            iter: 200);

    [Fact]
    public void A_window_is_kept_at_an_overlap_of_exactly_the_threshold()
    {
        Assert.Equal([Best], Keep([Shifted, Best], 0.8f));
        Assert.Equal([Best, Shifted], Keep([Shifted, Best], 90f / 110));
    }

    [Fact]
    public void Windows_of_equal_score_stay_in_the_order_given()
    {
        var twin = Best with { Window = new Window(200, 0, 10, 10) };

        Assert.Equal([Best, twin], Keep([Best, twin], 0.5f));
        Assert.Equal([twin, Best], Keep([twin, Best], 0.5f));
    }

    [Fact]
    public void The_threshold_falls_with_each_window_down_to_a_half()
    {
        var (first, second, far) = (Best, Best with { Window = new Window(10, 22, 10, 10), Score = 0.8f }, Best with { Window = new Window(200, 0, 10, 10), Score = 1 });

        // 80 of 120 pixels are shared, an IoU of 0.667. After one window the threshold is 0.675, after two 0.6075.
        Assert.Equal([first, second], Keep([first, second], 0.75f, 0.9f));
        Assert.Equal([far, first], Keep([far, first, second], 0.75f, 0.9f));

        // 60 of 140 pixels, an IoU of 0.43: a threshold of a half stays.
        var third = second with { Window = new Window(10, 24, 10, 10) };
        Assert.Equal([far, first, third], Keep([far, first, third], 0.5f, 0.5f));
    }

    [Fact]
    public void A_canceled_search_ends() => Assert.Throws<OperationCanceledException>(() => WindowSuppression.Keep([Best], 0.5f, 1, 10, new CancellationToken(canceled: true)));

    private static List<ScoredWindow> Keep(ScoredWindow[] windows, float beta, float eta = 1, int maxCount = int.MaxValue)
        => WindowSuppression.Keep(windows, beta, eta, maxCount, TestContext.Current.CancellationToken);

    private static List<ScoredWindow> Literal(ScoredWindow[] windows, float beta, float eta, int maxCount)
    {
        var (kept, threshold) = (new List<ScoredWindow>(), beta);
        foreach (var window in windows.OrderByDescending(window => window.Score))
        {
            if (kept.Count < maxCount && (beta > 0.99f || !kept.Any(other => Overlap(window.Window, other.Window) > threshold)))
            {
                kept.Add(window);
                threshold *= threshold > 0.5f ? eta : 1;
            }
        }

        return kept;
    }

    private static float Overlap(Window a, Window b)
    {
        float width = Math.Max(0, Math.Min(a.X + a.Width, b.X + b.Width) - Math.Max(a.X, b.X));
        float height = Math.Max(0, Math.Min(a.Y + a.Height, b.Y + b.Height) - Math.Max(a.Y, b.Y));
        return width * height / (a.Area + b.Area - (width * height));
    }
}
