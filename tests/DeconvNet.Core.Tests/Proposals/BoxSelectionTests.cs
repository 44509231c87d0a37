using CsCheck;
using DeconvNet.Proposals.Search;

namespace DeconvNet.Tests.Proposals;

public class BoxSelectionTests
{
    private static readonly Window Left = new(0, 0, 9, 9);
    private static readonly Window LeftShifted = new(0, 1, 9, 9);
    private static readonly Window Right = new(100, 0, 9, 9);

    [Fact]
    public void A_box_that_overlaps_a_better_one_comes_after_one_that_does_not()
    {
        // 90 of 110 pixels are shared: more than 0.7, so a hundredth is left.
        Assert.Equal([(0, 0.9f), (2, 0.3f), (1, 0.008f)], Take([Left, LeftShifted, Right], [0.9f, 0.8f, 0.3f], 0.5f, 0.7f));
    }

    [Fact]
    public void Between_both_limits_the_score_falls_evenly()
    {
        const float Overlap = 90 / 110f;

        var taken = Take([Left, LeftShifted], [0.9f, 0.8f], Overlap - 0.1f, Overlap + 0.1f);

        Assert.Equal(0.4f, taken[1].Score, 1e-5f);
    }

    [Fact]
    public void Up_to_the_lower_limit_nothing_is_lost()
    {
        Assert.Equal([(1, 0.9f), (0, 0.8f), (2, 0.3f)], Take([LeftShifted, Left, Right], [0.8f, 0.9f, 0.3f], 0.9f, 1));
    }

    [Fact]
    public void Every_box_is_taken_once_scores_descend_and_fewer_are_the_first_of_more()
    {
        var random = new Random(5);
        var windows = Enumerable.Range(0, 203).Select(_ => new Window(random.Next(60), random.Next(60), 5 + random.Next(40), 5 + random.Next(40))).ToArray();
        var scores = windows.Select(_ => 0.001f + random.NextSingle()).ToArray();

        var all = Take(windows, scores, 0.5f, 0.7f);

        Assert.Equal(Enumerable.Range(0, windows.Length), all.Select(item => item.Index).Order());
        Assert.Equal(all.Select(item => item.Score).OrderDescending(), all.Select(item => item.Score));
        Assert.Equal(all.Take(30), Take(windows, scores, 0.5f, 0.7f, 30));
    }

    [Fact]
    public void Boxes_are_taken_as_the_rule_says_when_computed_literally() =>
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[1, 40]).Sample(
            (seed, count) =>
            {
                var random = new Random(seed);
                var windows = Enumerable.Range(0, count).Select(_ => new Window(random.Next(40), random.Next(40), random.Next(50), random.Next(50))).ToArray();
                var scores = windows.Select(_ => 0.01f + random.NextSingle()).ToArray();

                Assert.Equal(Literal(windows, [.. scores], 0.25f, 0.75f), Take(windows, scores, 0.25f, 0.75f));
            },
            iter: 200);

    [Fact]
    public void A_canceled_selection_ends() =>
        Assert.Throws<OperationCanceledException>(() => BoxSelection.Take([Left], [1f], 0.5f, 0.7f, 1, new CancellationToken(canceled: true)));

    [Fact]
    public void Without_boxes_none_is_selected() => Assert.Empty(Take([], [], 0.5f, 0.7f));

    private static List<(int Index, float Score)> Take(Window[] windows, float[] scores, float free, float full, int count = int.MaxValue)
        => BoxSelection.Take(windows, scores, free, full, count, TestContext.Current.CancellationToken);

    private static List<(int Index, float Score)> Literal(Window[] windows, float[] scores, float free, float full)
    {
        var taken = new List<(int Index, float Score)>();
        while (taken.Count < windows.Length)
        {
            var best = Array.IndexOf(scores, scores.Max());
            taken.Add((best, scores[best]));
            for (var i = 0; i < windows.Length; i++)
                scores[i] *= Math.Min(1, Math.Max(0.01f, 1 - ((Overlap(windows[i], windows[best]) - free) * (1 / (full - free)))));
            scores[best] = -1;
        }

        return taken;
    }

    private static float Overlap(Window a, Window b)
    {
        float width = Math.Max(0, Math.Min(a.X + a.Width, b.X + b.Width) - Math.Max(a.X, b.X) + 1);
        float height = Math.Max(0, Math.Min(a.Y + a.Height, b.Y + b.Height) - Math.Max(a.Y, b.Y) + 1);
        return width * height / (((a.Width + 1f) * (a.Height + 1)) + ((b.Width + 1f) * (b.Height + 1)) - (width * height));
    }
}
