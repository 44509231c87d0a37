using DeconvNet.Tests.Support;
using DeconvNet.Training;
using DeconvNet.Training.Examples;
using DeconvNet.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Training;

[Collection(TorchTests.Name)]
public class ClassHeadTests
{
    private static readonly CropBatch Batch = new(3, 2, new float[36], [0, 8, 8, 12, 255, 0, 0, 255, 255, 3, 3, 3]);

    [Fact]
    public void The_target_is_each_classs_share_of_the_foreground()
    {
        var shares = ClassHead.ForegroundShares(Batch, 21);

        Assert.Equal(2f / 3, shares[8]);
        Assert.Equal(1f / 3, shares[12]);
        Assert.Equal(0, shares[0]);
        Assert.Equal(1, shares[21 + 0]);
        Assert.Equal(1, shares[42 + 3]);
        Assert.Equal(3, shares.Sum(), 1e-6);
    }

    [Fact]
    public void The_loss_starts_near_the_logarithm_of_the_class_count_and_falls_when_its_layer_learns()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        using var head = new ClassHead(DrawnScenes.Network.FcChannels, DrawnScenes.Network.ClassCount, CPU);
        var fc7 = randn(3, DrawnScenes.Network.FcChannels, 1, 1);
        var before = head.Loss(fc7, Batch);
        Assert.Equal(Math.Log(21), before.ToDouble(), 0.2);

        using var optimizer = Optimizer.Create(new OptimizerOptions { Kind = OptimizerKind.Adam }, head.Parameters);
        for (var step = 1; step <= 50; step++)
        {
            head.ZeroGradients();
            head.Loss(fc7, Batch).backward();
            optimizer.Step(0.05, step);
        }

        Assert.True(head.Loss(fc7, Batch).ToDouble() < 0.8);
    }
}
