using CsCheck;
using DeconvNet.Imaging;
using DeconvNet.Imaging.Resampling;
using DeconvNet.Segmentation;
using DeconvNet.Segmentation.Scores;

namespace DeconvNet.Tests.Segmentation;

public class ScoreAccumulatorTests
{
    private const int Side = 4;
    private const int Classes = 3;
    private const int Width = 9;
    private const int Height = 7;

    private static readonly Gen<(PixelBox Crop, float[] Scores)> GenCrop =
        Gen.Select(Gen.Int[-6, 8], Gen.Int[-6, 6], Gen.Int[1, 12], Gen.Float[-5, 5].Array[Classes * Side * Side])
            .Select((x, y, side, scores) => (new PixelBox(x, y, x + side, y + side), scores));

    [Theory]
    [InlineData(ScoreFloor.None, -2f, -1f)]
    [InlineData(ScoreFloor.OutsideCrops, 0f, -1f)]
    [InlineData(ScoreFloor.Everywhere, 0f, 0f)]
    public void The_floor_says_where_negative_scores_are_cut(ScoreFloor floor, float whereOneCovers, float whereBothCover)
    {
        var options = new ProposalSegmenterOptions { Floor = floor };
        var map = Merge(options, (new PixelBox(0, 0, 4, 4), Constant(-1)), (new PixelBox(0, 0, 8, 8), Constant(-2)));

        Assert.Equal(whereBothCover, At(map, 1, 1, 1));
        Assert.Equal(whereOneCovers, At(map, 1, 6, 1));
    }

    [Theory]
    [InlineData(ScoreMerge.Max, 3f)]
    [InlineData(ScoreMerge.Sum, 5f)]
    [InlineData(ScoreMerge.Mean, 2.5f)]
    public void Two_proposals_become_one_score(ScoreMerge merge, float expected)
    {
        var map = Merge(
            new ProposalSegmenterOptions { Merge = merge }, (new PixelBox(0, 0, 4, 4), Constant(2)), (new PixelBox(1, 1, 5, 5), Constant(3)));

        Assert.Equal(expected, At(map, 2, 2, 2));
        Assert.Equal(2, At(map, 2, 0, 0));
        Assert.Equal(0, At(map, 2, 8, 0));
    }

    [Theory]
    [InlineData(ScoreKind.Logits, ScoreMerge.Max)]
    [InlineData(ScoreKind.Logits, ScoreMerge.Mean)]
    [InlineData(ScoreKind.Probabilities, ScoreMerge.Max)]
    public void The_temperature_is_applied_to_merged_scores(ScoreKind kind, ScoreMerge merge)
    {
        var options = new ProposalSegmenterOptions { Scores = kind, Merge = merge };
        (PixelBox, float[])[] crops = [(new PixelBox(0, 0, 7, 7), Ramp()), (new PixelBox(2, 0, 9, 7), Constant(0.5f))];
        var plain = Merge(options, crops);

        Assert.Equal(plain.AtTemperature(0.5).Values, Merge(options with { Temperature = 0.5 }, crops).Values);
        Assert.Equal(plain.Values, Merge(options with { Temperature = 1 }, crops).Values);
        if (kind == ScoreKind.Logits)
            Assert.Equal(2 * At(plain, 1, 4, 3), At(Merge(options with { Temperature = 0.5 }, crops), 1, 4, 3));
    }

    [Fact]
    public void The_shift_moves_scores_one_pixel_right_and_down()
    {
        var map = Merge(ProposalSegmenterOptions.ReleasedCode with { ShiftByOnePixel = true }, (new PixelBox(-1, -1, 3, 3), Ramp()));
        var straight = Merge(ProposalSegmenterOptions.ReleasedCode, (new PixelBox(-1, -1, 3, 3), Ramp()));

        Assert.Equal(At(straight, 0, 1, 1), At(map, 0, 2, 2));
        Assert.Equal(Ramp()[0], At(map, 0, 0, 0));
        Assert.Equal(0, At(straight, 0, 3, 3));
        Assert.Equal(Ramp()[15], At(map, 0, 3, 3));
    }

    [Fact]
    public void Merging_equals_the_formula_on_a_stack_of_whole_maps()
    {
        Gen.Select(GenCrop.List[1, 6], Gen.Enum<ScoreMerge>(), Gen.Enum<ScoreFloor>(), Gen.Bool).Sample(
            (crops, merge, floor, antialias) =>
            {
                var options = new ProposalSegmenterOptions { Merge = merge, Floor = floor, Antialias = antialias };
                var map = Merge(options, [.. crops]);
                var expected = ByStack(options, crops);
                for (var i = 0; i < expected.Length; i++)
                    Assert.Equal(expected[i], map.Values[i], 1e-5f);
            },
            iter: 300);
    }

    [Fact]
    public void The_maximum_does_not_depend_on_the_order_of_proposals()
    {
        Gen.Select(GenCrop.Array[2, 6], Gen.Enum<ScoreFloor>(), Gen.Enum<ScoreKind>(), Gen.Int[0, 1000]).Sample(
            (crops, floor, kind, seed) =>
            {
                var options = new ProposalSegmenterOptions { Floor = floor, Scores = kind };
                var shuffled = crops.ToArray();
                new Random(seed).Shuffle(shuffled);
                Assert.Equal(Merge(options, crops).Values, Merge(options, shuffled).Values);
            },
            iter: 200);
    }

    [Fact]
    public void Merged_probabilities_are_those_of_the_crop_where_there_is_one()
    {
        var scores = new float[Classes * Side * Side];
        Array.Fill(scores, 1f, 0, Side * Side);
        var map = Merge(new ProposalSegmenterOptions { Scores = ScoreKind.Probabilities }, (new PixelBox(0, 0, 4, 4), scores));

        Assert.Equal(ScoreKind.Probabilities, map.Kind);
        Assert.Equal(Math.E / (Math.E + 2), At(map, 0, 1, 1), 1e-6);
        Assert.Equal(1 / (Math.E + 2), At(map, 2, 1, 1), 1e-6);
    }

    [Theory]
    [InlineData(ScoreKind.Logits, ScoreMerge.Sum, false)]
    [InlineData(ScoreKind.Logits, ScoreMerge.Max, true)]
    [InlineData(ScoreKind.Probabilities, ScoreMerge.Mean, false)]
    public void Crops_of_a_batch_count_as_one_after_another(ScoreKind kind, ScoreMerge merge, bool shift)
    {
        var random = new Random(7);
        var options = new ProposalSegmenterOptions { Scores = kind, Merge = merge, ShiftByOnePixel = shift };
        PixelBox[] boxes = [new(-3, -2, 5, 6), new(50, 50, 60, 60), new(1, 0, 4, 3), new(0, 0, Width, Width)];
        var scores = boxes.Select(_ => Enumerable.Range(0, Classes * Side * Side).Select(_ => (float)random.NextDouble()).ToArray()).ToArray();
        var batch = new ScoreAccumulator(Classes, Width, Height, options);
        batch.Add(scores.SelectMany(values => values).ToArray(), Side, boxes, TestContext.Current.CancellationToken);
        var (expected, actual) = (Merge(options, [.. boxes.Zip(scores)]), batch.Finish());
        for (var c = 0; c < Classes; c++)
            Assert.Equal(expected.Plane(c).ToArray(), actual.Plane(c).ToArray());
    }

    private static ScoreMap Merge(ProposalSegmenterOptions options, params (PixelBox Crop, float[] Scores)[] crops)
    {
        var accumulator = new ScoreAccumulator(Classes, Width, Height, options);
        foreach (var (crop, scores) in crops)
            accumulator.Add(scores.ToArray(), Side, new[] { crop }, TestContext.Current.CancellationToken);
        return accumulator.Finish();
    }

    private static float[] ByStack(ProposalSegmenterOptions options, List<(PixelBox Crop, float[] Scores)> crops)
    {
        var result = new float[Classes * Width * Height];
        for (var i = 0; i < result.Length; i++)
        {
            var (c, y, x) = (i / (Width * Height), i / Width % Height, i % Width);
            var there = new List<float>();
            foreach (var (crop, scores) in crops.Where(pair => x >= pair.Crop.X0 && x < pair.Crop.X1 && y >= pair.Crop.Y0 && y < pair.Crop.Y1))
            {
                var plane = new float[crop.Area];
                Planes.ResizeBilinear(scores.AsSpan(c * Side * Side, Side * Side), 1, Side, Side, plane, crop.Height, crop.Width, options.Antialias);
                there.Add(plane[((y - crop.Y0) * crop.Width) + x - crop.X0]);
            }

            if (there.Count == 0)
                continue;
            if (options.Floor == ScoreFloor.Everywhere || (options.Floor == ScoreFloor.OutsideCrops && there.Count < crops.Count))
                result[i] = options.Merge == ScoreMerge.Max ? Math.Max(0, there.Max()) : 0;
            else if (options.Merge == ScoreMerge.Max)
                result[i] = there.Max();
            if (options.Merge != ScoreMerge.Max)
                result[i] = options.Merge == ScoreMerge.Sum ? there.Sum() : there.Average();
        }

        return result;
    }

    private static float[] Constant(float value) => [.. Enumerable.Repeat(value, Classes * Side * Side)];

    private static float[] Ramp() => [.. Enumerable.Range(1, Classes * Side * Side).Select(i => (float)i)];

    private static float At(ScoreMap map, int classId, int x, int y) => map.Plane(classId)[(y * Width) + x];
}
