using DeconvNet.Tests.Support;
using DeconvNet.Training.Optimization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Optimizer = DeconvNet.Training.Optimization.Optimizer;
using OptimizerOptions = DeconvNet.Training.Optimization.OptimizerOptions;

namespace DeconvNet.Tests.Training;

[Collection(TorchTests.Name)]
public class OptimizerTests
{
    [Fact]
    public void Sgd_moves_by_caffes_rule_also_where_the_rate_drops()
    {
        using var scope = NewDisposeScope();
        double theta = 0.7, bias = -0.3, velocity = 0, biasVelocity = 0;
        using var weight = new Parameter(tensor(new[] { theta }, float64));
        using var shift = new Parameter(tensor(new[] { bias }, float64));
        using var optimizer = Optimizer.Create(new OptimizerOptions(), [("conv1_1.weight", weight), ("conv1_1.bias", shift)]);
        var step = 0;
        foreach (var (rate, gradient) in new[] { (0.01, 0.5), (0.01, -1.25), (0.001, 2.0), (0.001, 0.25) })
        {
            ((weight * gradient) + (shift * gradient)).sum().backward();
            optimizer.Step(rate, ++step);
            weight.grad!.zero_();
            shift.grad!.zero_();

            velocity = (0.9 * velocity) + (rate * (gradient + (0.0005 * theta)));
            theta -= velocity;
            biasVelocity = (0.9 * biasVelocity) + (2 * rate * gradient);
            bias -= biasVelocity;
            Assert.Equal(theta, weight.ToDouble(), 14);
            Assert.Equal(bias, shift.ToDouble(), 14);
        }
    }

    [Fact]
    public void Adam_moves_as_libtorchs_adamw_does()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(5);
        var start = randn(7, 3, dtype: float64);
        using var ours = new Parameter(start.clone());
        using var theirs = new Parameter(start.clone());
        using var optimizer = Optimizer.Create(new OptimizerOptions { Kind = OptimizerKind.Adam, WeightDecay = 0.02 }, [("conv1_1.weight", ours)]);
        var reference = optim.AdamW([theirs], lr: 0.01, weight_decay: 0.02);
        for (var step = 1; step <= 20; step++)
        {
            var target = randn(7, 3, dtype: float64);
            foreach (var parameter in new[] { ours, theirs })
            {
                parameter.grad?.zero_();
                (parameter - target).pow(2).sum().backward();
            }

            optimizer.Step(0.01, step);
            reference.step();
        }

        Assert.True((ours - theirs).abs().max().ToDouble() < 1e-12);
    }

    [Fact]
    public void Biases_of_convolutions_are_not_decayed_but_batch_norms_shift_is()
    {
        using var scope = NewDisposeScope();
        var names = new[] { "conv1_1.weight", "conv1_1.bias", "bn1_1.bias", "debn5_1.bias", "fc6_deconv_bn.bias", "fc6_deconv.bias", "bn_conv1_1.bias" };
        var parameters = names.Select(name => (name, new Parameter(ones(1)))).ToArray();
        using var optimizer = Optimizer.Create(new OptimizerOptions { WeightDecay = 0.5 }, parameters);
        foreach (var (_, parameter) in parameters)
            (parameter * 0).sum().backward();

        optimizer.Step(0.1, 1);

        var moved = parameters.Where(entry => entry.Item2.ToSingle() < 1).Select(entry => entry.name);
        Assert.Equal(["conv1_1.weight", "bn1_1.bias", "debn5_1.bias", "fc6_deconv_bn.bias", "bn_conv1_1.bias"], moved);
    }
}
