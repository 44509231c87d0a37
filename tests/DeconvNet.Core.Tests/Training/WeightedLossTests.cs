using DeconvNet.Imaging;
using DeconvNet.Tests.Support;
using DeconvNet.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Training;

[Collection(TorchTests.Name)]
[NoTensorLeaks]
public sealed class WeightedLossTests
{
    private static readonly double[] Weights = [0.5, 2, 1.25, 0];

    public static TheoryData<string> Options => ["weights", "smoothing", "dice", "all"];

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 0.1)]
    [InlineData(true, 0.2)]
    public void Class_weights_and_label_smoothing_are_those_of_torch(bool isWeighted, double smoothing)
    {
        using var scope = NewDisposeScope();
        var (logits, labels, _) = Example();
        var weights = isWeighted ? tensor(Weights) : null;
        var expected = nn.functional.cross_entropy(logits, labels, weights, ignore_index: LabelMap.Void, reduction: nn.Reduction.Mean, label_smoothing: smoothing);

        var loss = WeightedLoss.Compute(logits, labels, null, 0, new LossOptions { ClassWeights = isWeighted ? Weights : null, LabelSmoothing = smoothing }, out var valid);

        Assert.Equal(expected.ToDouble(), loss.ToDouble(), 12);
        Assert.Equal(2 * 3 * 4 - 3, valid);
    }

    [Fact]
    public void Without_options_soft_targets_give_the_plain_loss()
    {
        using var scope = NewDisposeScope();
        var (logits, labels, soft) = Example();

        var loss = WeightedLoss.Compute(logits, labels, soft, 0.3, new LossOptions(), out var valid);

        Assert.Equal(SegmentationLoss.ComputeSoft(logits, labels, soft, 0.3, out var expectedValid).ToDouble(), loss.ToDouble(), 12);
        Assert.Equal(expectedValid, valid);
    }

    [Fact]
    public void Dice_is_one_minus_the_overlap_of_the_classes_shown()
    {
        using var scope = NewDisposeScope();
        // Class 1 has 2 pixels; probabilities are all but certain: one pixel right, one wrong, one too many.
        var labels = tensor(new long[] { 1, 1, 0, 0 }, [1, 2, 2]);
        var logits = tensor(new double[] { -40, 40, 40, -40, 40, -40, -40, 40 }, [1, 2, 2, 2]);

        var dice = WeightedLoss.Compute(logits, labels, null, 0, new LossOptions { DiceWeight = 1 }, out _) - WeightedLoss.Compute(logits, labels, null, 0, new LossOptions(), out _);

        // Both classes: overlap 1 of 2 + 2, smoothed by 1.
        Assert.Equal(1 - (3.0 / 5), dice.ToDouble(), 9);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Gradients_are_those_of_central_differences(string name)
    {
        using var scope = NewDisposeScope();
        var (start, labels, soft) = Example();
        var options = name switch
        {
            "weights" => new LossOptions { ClassWeights = Weights },
            "smoothing" => new LossOptions { LabelSmoothing = 0.1 },
            "dice" => new LossOptions { DiceWeight = 0.7 },
            _ => new LossOptions { ClassWeights = Weights, LabelSmoothing = 0.05, DiceWeight = 1.5 },
        };
        foreach (var teacher in new[] { null, soft })
        {
            var logits = start.clone().requires_grad_();
            WeightedLoss.Compute(logits, labels, teacher, 0.4, options, out _).backward();
            var gradient = logits.grad!.data<double>().ToArray();
            var values = start.data<double>().ToArray();
            for (var i = 0; i < values.Length; i++)
            {
                var numeric = (At(i, 1e-6) - At(i, -1e-6)) / 2e-6;
                Assert.True(Math.Abs(numeric - gradient[i]) <= 1e-5 + (1e-3 * Math.Abs(gradient[i])), $"{name}, logit {i}: {gradient[i]}, by differences {numeric}.");
            }

            double At(int i, double step)
            {
                using var inner = NewDisposeScope();
                var moved = (double[])values.Clone();
                moved[i] += step;
                return WeightedLoss.Compute(tensor(moved, start.shape), labels, teacher, 0.4, options, out _).ToDouble();
            }
        }
    }

    [Fact]
    public void A_batch_of_void_has_no_loss()
    {
        using var scope = NewDisposeScope();
        var loss = WeightedLoss.Compute(zeros([1, 3, 2, 2]), full([1, 2, 2], LabelMap.Void, dtype: int64), null, 0, new LossOptions { DiceWeight = 1, LabelSmoothing = 0.1 }, out var valid);
        Assert.Equal((0, 0L), (loss.ToDouble(), valid));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("ClassWeights", () => new LossOptions { ClassWeights = [1, -1] }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>("ClassWeights", () => new LossOptions { ClassWeights = [0, 0] }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>("LabelSmoothing", () => new LossOptions { LabelSmoothing = 1 }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>("DiceWeight", () => new LossOptions { DiceWeight = double.NaN }.Validate());
    }

    /// <summary>Two images of 3×4 pixels, four classes, three void pixels; a teacher who is silent in the first row.</summary>
    private static (Tensor Logits, Tensor Labels, Tensor Soft) Example()
    {
        var numbers = new Random(5);
        var logits = tensor(Enumerable.Range(0, 2 * 4 * 12).Select(_ => (numbers.NextDouble() * 4) - 2).ToArray(), [2, 4, 3, 4]);
        long[] labels = [.. Enumerable.Range(0, 24).Select(i => i is 3 or 7 or 20 ? LabelMap.Void : (long)numbers.Next(3))];
        var soft = tensor(Enumerable.Range(0, 2 * 4 * 12).Select(_ => numbers.NextDouble()).ToArray(), [2, 4, 3, 4]).softmax(1);
        soft[TensorIndex.Colon, TensorIndex.Colon, 0] = 0;
        return (logits, tensor(labels, [2, 3, 4]), soft);
    }
}
