using CsCheck;
using DeconvNet.Segmentation.Scores;

namespace DeconvNet.Tests.Segmentation;

public class ScoreMapTests
{
    [Fact]
    public void Labels_are_the_class_with_the_highest_score_and_ties_go_to_the_lowest_id()
    {
        var map = new ScoreMap(ScoreKind.Logits, 3, 2, 2, [0, 0, 5, 1, 0, 7, 5, 2, 0, 7, 4, 3]);
        Assert.Equal([0, 1, 0, 2], map.ToLabels(2, 2).Pixels.ToArray());
    }

    [Fact]
    public void Scores_are_enlarged_before_classes_are_compared()
    {
        // Class 1 falls from 9 to 1 and class 0 stays at 3: they cross at a distance of 0.75 pixels from the first center, which is column 5 of 8.
        var map = new ScoreMap(ScoreKind.Logits, 2, 2, 1, [3, 3, 9, 1]);
        Assert.Equal([1, 1, 1, 1, 1, 0, 0, 0], map.ToLabels(8, 1).Pixels.ToArray());
    }

    [Fact]
    public void Each_row_of_a_large_label_map_is_the_same_as_alone()
    {
        var values = new float[2 * 5 * 3];
        var random = new Random(1);
        foreach (ref var value in values.AsSpan())
            value = random.NextSingle();
        var map = new ScoreMap(ScoreKind.Logits, 2, 5, 3, values);
        var large = map.ToLabels(64, 300);
        for (var y = 0; y < 300; y += 37)
        {
            for (var x = 0; x < 64; x++)
                Assert.Equal(Sampled(map, 1, x, y) > Sampled(map, 0, x, y) ? 1 : 0, large[x, y]);
        }

        static double Sampled(ScoreMap map, int c, int x, int y)
        {
            var u = Math.Clamp(((x + 0.5) * map.Width / 64) - 0.5, 0, map.Width - 1);
            var v = Math.Clamp(((y + 0.5) * map.Height / 300) - 0.5, 0, map.Height - 1);
            var sum = 0.0;
            for (var j = 0; j < map.Height; j++)
            {
                for (var i = 0; i < map.Width; i++)
                    sum += Math.Max(0, 1 - Math.Abs(u - i)) * Math.Max(0, 1 - Math.Abs(v - j)) * map.Plane(c)[(j * map.Width) + i];
            }

            return sum;
        }
    }

    [Fact]
    public void Probabilities_sum_to_one_for_scores_of_any_size()
    {
        Gen.Float[-1e30f, 1e30f].Array[4 * 6].Sample(values =>
        {
            var map = new ScoreMap(ScoreKind.Logits, 4, 3, 2, values).ToProbabilities();
            for (var i = 0; i < 6; i++)
                Assert.Equal(1, Enumerable.Range(0, 4).Sum(c => map.Plane(c)[i]), 1e-5f);
        });
    }

    [Fact]
    public void Probabilities_do_not_change_which_class_wins()
    {
        // Whole numbers: scores that differ in the last digit only may tie as probabilities.
        Gen.Int[-20, 20].Array[3 * 20].Sample(scores =>
        {
            var values = scores.Select(score => (float)score).ToArray();
            var map = new ScoreMap(ScoreKind.Logits, 3, 5, 4, values);
            Assert.Equal(map.ToLabels(5, 4).Pixels, map.ToProbabilities().ToLabels(5, 4).Pixels);
        });
    }

    [Fact]
    public void A_pixel_without_scores_is_undecided_for_logits_and_background_for_probabilities()
    {
        Assert.Equal([0.25f, 0.25f, 0.25f, 0.25f], new ScoreMap(ScoreKind.Logits, 4, 1, 1, new float[4]).ToProbabilities().Values);
        Assert.Equal([1f, 0, 0, 0], new ScoreMap(ScoreKind.Probabilities, 4, 1, 1, new float[4]).ToProbabilities().Values);
        Assert.Equal([0.5f, 0, 0.5f, 0], new ScoreMap(ScoreKind.Probabilities, 4, 1, 1, [2, 0, 2, 0]).ToProbabilities().Values);
    }

    [Fact]
    public void A_label_map_that_no_array_holds_is_refused()
    {
        var map = new ScoreMap(ScoreKind.Logits, 2, 3, 4, new float[24]);
        Assert.Contains("2147483647", Assert.Throws<ArgumentOutOfRangeException>(() => map.ToLabels(int.MaxValue, 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => map.ToLabels(int.MaxValue, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.ToLabels(3, 4, double.NaN));
    }

    [Fact]
    public void An_array_of_another_length_is_refused_with_both_lengths()
    {
        var error = Assert.Throws<ArgumentException>(() => new ScoreMap(ScoreKind.Logits, 2, 3, 4, new float[23]));
        Assert.Contains("24", error.Message, StringComparison.Ordinal);
        Assert.Contains("23", error.Message, StringComparison.Ordinal);
    }
}
