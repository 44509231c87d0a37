using CsCheck;
using DeconvNet.Evaluation.Metrics;
using DeconvNet.Imaging;

namespace DeconvNet.Tests.Evaluation;

/// <summary>Bands around outlines, against distances measured pixel by pixel.</summary>
public class TrimapEvaluationTests
{
    [Fact]
    public void A_band_reaches_as_far_from_the_ribbon_as_it_is_wide()
    {
        // One row: background, a ribbon of void, class 1. The prediction is wrong 2 pixels left and 3 pixels right of it.
        var truth = new LabelMap(10, 1, [0, 0, 0, 0, 255, 255, 1, 1, 1, 1]);
        var prediction = new LabelMap(10, 1, [0, 0, 1, 0, 1, 0, 1, 1, 0, 1]);
        var evaluation = new TrimapEvaluation(2, maxWidth: 4);

        evaluation.Add(prediction, truth);

        Assert.Equal((2, 1.0), (evaluation.Within(1).PixelCount, evaluation.Within(1).PixelAccuracy));
        Assert.Equal((4, 0.75), (evaluation.Within(2).PixelCount, evaluation.Within(2).PixelAccuracy));
        Assert.Equal((6, 4.0 / 6), (evaluation.Within(3).PixelCount, evaluation.Within(3).PixelAccuracy));
        Assert.Equal((8, 6.0 / 8), (evaluation.Within(4).PixelCount, evaluation.Within(4).PixelAccuracy));
        Assert.Equal(1, evaluation.Within(3)[1, 0]);
    }

    [Fact]
    public void Classes_that_touch_without_a_ribbon_have_an_outline_between_them()
    {
        var truth = new LabelMap(6, 1, [0, 0, 0, 2, 2, 2]);
        var evaluation = new TrimapEvaluation(3, maxWidth: 2);

        evaluation.Add(truth, truth);

        Assert.Equal(2, evaluation.Within(1).PixelCount);
        Assert.Equal(4, evaluation.Within(2).PixelCount);
    }

    [Fact]
    public void A_map_without_outlines_has_no_band()
    {
        var truth = new LabelMap(5, 4, new byte[20]);
        var evaluation = new TrimapEvaluation(2);
        evaluation.Add(truth, truth);
        Assert.Equal(0, evaluation.Within(10).PixelCount);
    }

    [Fact]
    public void Bands_are_those_of_the_nearest_outline_pixel() =>
        Gen.Select(Gen.OneOf(Gen.Const((byte)0), Gen.Const((byte)0), Gen.Const((byte)1), Gen.Const(LabelMap.Void)).Array[8 * 7], Gen.Byte[0, 1].Array[8 * 7]).Sample((labels, found) =>
        {
            var (truth, prediction) = (new LabelMap(8, 7, labels), new LabelMap(8, 7, found));
            var evaluation = new TrimapEvaluation(2, maxWidth: 3);
            evaluation.Add(prediction, truth);

            for (var width = 1; width <= 3; width++)
            {
                var expected = new ConfusionMatrix(2);
                var inside = Enumerable.Range(0, labels.Length).Where(i => labels[i] != LabelMap.Void && Distance(truth, i) <= width).ToArray();
                expected.Add([.. inside.Select(i => found[i])], [.. inside.Select(i => labels[i])]);
                for (var t = 0; t < 2; t++)
                {
                    for (var p = 0; p < 2; p++)
                        Assert.Equal(expected[t, p], evaluation.Within(width)[t, p]);
                }
            }
        });

    private static double Distance(LabelMap map, int at)
    {
        var least = double.PositiveInfinity;
        for (var i = 0; i < map.Pixels.Length; i++)
        {
            var away = Math.Sqrt(Math.Pow((i % 8) - (at % 8), 2) + Math.Pow((i / 8) - (at / 8), 2));
            if (map.Pixels[i] == LabelMap.Void)
                least = Math.Min(least, away);
            else if (Enumerable.Range(0, map.Pixels.Length).Any(j => map.Pixels[j] is not LabelMap.Void && map.Pixels[j] != map.Pixels[i]
                && Math.Abs((i % 8) - (j % 8)) + Math.Abs((i / 8) - (j / 8)) == 1))
                least = Math.Min(least, away + 1);
        }

        return least;
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_counts_nothing()
    {
        var evaluation = new TrimapEvaluation(2);
        var truth = new LabelMap(2, 1, [0, 1]);

        Assert.Throws<ArgumentException>(() => evaluation.Add(new LabelMap(1, 1, [0]), truth));
        Assert.Throws<ArgumentException>(() => evaluation.Add(new LabelMap(2, 1, [0, 7]), truth));
        Assert.Throws<ArgumentOutOfRangeException>(() => evaluation.Within(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => evaluation.Within(11));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrimapEvaluation(2, 0));
        Assert.Equal(0, evaluation.Within(10).PixelCount);
    }
}
