using CsCheck;
using DeconvNet.Evaluation.Metrics;
using DeconvNet.Imaging;

namespace DeconvNet.Tests.Evaluation;

public sealed class ConfusionMatrixTests
{
    private const int Classes = 5;

    // Few classes and void, so that absent classes occur as well.
    private static readonly Gen<(byte Prediction, byte Truth)[]> Pixels =
        Gen.Select(Gen.Byte[0, Classes - 1], Gen.Frequency((5, Gen.Byte[0, Classes - 1]), (1, Gen.Const(LabelMap.Void)))).Array[0, 40];

    [Fact]
    public void Scores_of_a_small_example_are_those_of_the_definition()
    {
        var matrix = new ConfusionMatrix(4);

        matrix.Add(prediction: [0, 0, 1, 1, 2, 255, 0], truth: [0, 0, 0, 1, 1, 255, 255]);

        Assert.Equal((2, 1, 1, 1), (matrix[0, 0], matrix[0, 1], matrix[1, 1], matrix[1, 2]));
        Assert.Equal(5, matrix.PixelCount);
        Assert.Equal([2.0 / 3, 1.0 / 3, 0.0, double.NaN], Enumerable.Range(0, 4).Select(matrix.IoU));
        Assert.Equal([2.0 / 3, 1.0 / 2, double.NaN, double.NaN], Enumerable.Range(0, 4).Select(matrix.Accuracy));
        Assert.Equal(1.0 / 3, matrix.MeanIoU, 12);
        Assert.Equal(3.0 / 5, matrix.PixelAccuracy, 12);
        Assert.Equal(7.0 / 12, matrix.MeanAccuracy, 12);
        Assert.Equal(((2.0 / 3 * 3) + (1.0 / 3 * 2)) / 5, matrix.FrequencyWeightedIoU, 12);
    }

    [Fact]
    public void An_empty_matrix_has_no_scores()
    {
        var matrix = new ConfusionMatrix(3);
        matrix.Add(prediction: [2], truth: [LabelMap.Void]);

        Assert.Equal(0, matrix.PixelCount);
        Assert.All([matrix.MeanIoU, matrix.MeanAccuracy, matrix.PixelAccuracy, matrix.FrequencyWeightedIoU], score => Assert.Equal(double.NaN, score));
    }

    [Fact]
    public void Counts_beyond_24_bits_keep_every_pixel()
    {
        const int Side = 1024;
        var matrix = new ConfusionMatrix(2);
        var background = new LabelMap(Side, Side, new byte[Side * Side]);
        for (var i = 0; i < 17; i++)
            matrix.Add(background, background);
        matrix.Add([1], [0]);
        var many = new ConfusionMatrix(2);
        for (var i = 0; i < 200; i++)
            many.Merge(matrix);

        Assert.Equal(200L * 17 * Side * Side, many[0, 0]);
        Assert.Equal(200, many[0, 1]);
        Assert.NotEqual(1.0, many.PixelAccuracy);
    }

    [Fact]
    public void Merging_two_halves_is_counting_the_whole() =>
        Gen.Select(Pixels, Pixels).Sample((first, second) =>
        {
            var merged = Count(first);
            merged.Merge(Count(second));
            return merged.ToJson() == Count([.. first, .. second]).ToJson();
        });

    [Fact]
    public void Permuting_classes_permutes_their_scores() =>
        Gen.Select(Pixels, Gen.Shuffle(Enumerable.Range(0, Classes).Select(id => (byte)id).ToArray())).Sample((pixels, map) =>
        {
            var plain = Count(pixels);
            var permuted = Count([.. pixels.Select(pixel => (map[pixel.Prediction], pixel.Truth == LabelMap.Void ? LabelMap.Void : map[pixel.Truth]))]);
            for (var id = 0; id < Classes; id++)
            {
                Assert.Equal(plain.IoU(id), permuted.IoU(map[id]));
                Assert.Equal(plain.Accuracy(id), permuted.Accuracy(map[id]));
            }

            Assert.Equal(plain.MeanIoU, permuted.MeanIoU, 12);
        });

    [Fact]
    public void Swapping_truth_and_prediction_leaves_the_IoU() =>
        Pixels.Sample(pixels =>
        {
            var labeled = pixels.Where(pixel => pixel.Truth != LabelMap.Void).ToArray();
            var swapped = Count([.. labeled.Select(pixel => (pixel.Truth, pixel.Prediction))]);
            return Enumerable.Range(0, Classes).All(id => Count(labeled).IoU(id).Equals(swapped.IoU(id)));
        });

    [Fact]
    public void Json_gives_the_matrix_back() =>
        Pixels.Sample(pixels => ConfusionMatrix.FromJson(Count(pixels).ToJson()).ToJson() == Count(pixels).ToJson());

    [Theory]
    [InlineData(0)]
    [InlineData(256)]
    [InlineData(-1)]
    public void A_number_of_classes_that_bytes_cannot_hold_is_refused(int classes) =>
        AssertSays("1 … 255 classes", Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrix(classes)));

    [Fact]
    public void All_255_classes_are_counted()
    {
        var matrix = new ConfusionMatrix(255);
        matrix.Add([254, 0], [254, LabelMap.Void]);
        Assert.Equal(1, matrix[254, 254]);
    }

    [Theory]
    [InlineData(new byte[] { 0, 5 }, new byte[] { 0, 1 }, "prediction at pixel 1 is 5; expected 0 … 4.")]
    [InlineData(new byte[] { 255, 255 }, new byte[] { 255, 1 }, "prediction at pixel 1 is 255")]
    [InlineData(new byte[] { 0, 0 }, new byte[] { 0, 5 }, "truth at pixel 1 is 5; expected 0 … 4 or 255.")]
    [InlineData(new byte[] { 0, 0 }, new byte[] { 254, 0 }, "truth at pixel 0 is 254")]
    [InlineData(new byte[] { 0 }, new byte[] { 0, 0 }, "1 predicted pixels")]
    public void Pixels_of_unknown_classes_are_named_and_nothing_is_counted(byte[] prediction, byte[] truth, string fault)
    {
        var matrix = new ConfusionMatrix(Classes);

        var error = Assert.Throws<ArgumentException>(() => matrix.Add(prediction, truth));

        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, matrix.PixelCount);
    }

    [Fact]
    public void Maps_of_other_sizes_or_class_counts_do_not_mix()
    {
        var matrix = new ConfusionMatrix(2);

        AssertSays("2×3 pixels, the truth 3×2", Assert.Throws<ArgumentException>(() => matrix.Add(new LabelMap(2, 3, new byte[6]), new LabelMap(3, 2, new byte[6]))));
        AssertSays("A matrix of 3 classes cannot be added to one of 2.", Assert.Throws<ArgumentException>(() => matrix.Merge(new ConfusionMatrix(3))));
        AssertSays("The classes are 0 … 1.", Assert.Throws<ArgumentOutOfRangeException>(() => matrix.IoU(2)));
        AssertSays("The classes are 0 … 1.", Assert.Throws<ArgumentOutOfRangeException>(() => matrix[0, -1]));
    }

    [Fact]
    public void Pixels_of_a_pair_are_counted_at_once()
    {
        var matrix = new ConfusionMatrix(3);
        matrix.Add(truth: 2, prediction: 1, pixels: 7);
        matrix.Add(truth: 2, prediction: 1, pixels: 5);

        Assert.Equal(12, matrix[2, 1]);
        Assert.Equal(12, matrix.PixelCount);
        Assert.Throws<ArgumentOutOfRangeException>("pixels", () => matrix.Add(0, 0, -1));
        Assert.Throws<OverflowException>(() => matrix.Add(2, 1, long.MaxValue));
        Assert.Equal(12, matrix[2, 1]);
    }

    [Fact]
    public void A_read_only_copy_stays_as_it_was()
    {
        var matrix = new ConfusionMatrix(2);
        matrix.Add([1], [0]);
        var copy = matrix.AsReadOnly();
        matrix.Add([1], [0]);

        Assert.Equal((1, 2), (copy[0, 1], matrix[0, 1]));
        Assert.Same(copy, copy.AsReadOnly());
        Action[] changes = [() => copy.Add([1], [0]), () => copy.Add(0, 0, 1), () => copy.Merge(matrix)];
        Assert.All(changes, change => AssertSays("does not change", Assert.Throws<InvalidOperationException>(change)));
        Assert.Equal(1, copy.PixelCount);
    }

    [Fact]
    public void Json_has_a_row_for_each_true_class()
    {
        var matrix = new ConfusionMatrix(2);
        matrix.Add(truth: 1, prediction: 0, pixels: 3);
        Assert.Equal("[[0,0],[3,0]]", matrix.ToJson());

        var largest = new ConfusionMatrix(255).ToJson();
        Assert.Equal(largest, ConfusionMatrix.FromJson(largest).ToJson());
    }

    [Theory]
    [InlineData("", "not an array of rows")]
    [InlineData("null", "has 0 rows; expected 1 … 255.")]
    [InlineData("[]", "has 0 rows; expected 1 … 255.")]
    [InlineData("[[1,2]]", "Row 0 of the confusion matrix has 2 counts; expected 1.")]
    [InlineData("[[1,2],null]", "Row 1 of the confusion matrix has 0 counts; expected 2.")]
    [InlineData("[[1,2],[3]]", "Row 1 of the confusion matrix has 1 counts; expected 2.")]
    [InlineData("[[1,2],[-3,4]]", "Row 1 of the confusion matrix counts -3 pixels of class 0.")]
    [InlineData("[[1,2],[3,4.5]]", "not an array of rows")]
    [InlineData("[[1,2],[3,\"4\"]]", "not an array of rows")]
    [InlineData("[[1,2],[3,99999999999999999999]]", "not an array of rows")]
    public void Json_that_is_not_a_matrix_is_refused(string json, string fault) =>
        AssertSays(fault, Assert.Throws<InvalidDataException>(() => ConfusionMatrix.FromJson(json)));

    [Fact]
    public void Json_of_too_many_rows_is_refused_with_their_number() =>
        AssertSays("has 256 rows", Assert.Throws<InvalidDataException>(() => ConfusionMatrix.FromJson($"[{string.Join(',', Enumerable.Repeat("[]", 256))}]")));

    private static void AssertSays(string expected, Exception error) => Assert.Contains(expected, error.Message, StringComparison.Ordinal);

    private static ConfusionMatrix Count((byte Prediction, byte Truth)[] pixels)
    {
        var matrix = new ConfusionMatrix(Classes);
        matrix.Add(pixels.Select(pixel => pixel.Prediction).ToArray(), pixels.Select(pixel => pixel.Truth).ToArray());
        return matrix;
    }
}
