using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeconvNet.Training.Optimization;

/// <summary>Caffe's form: V ← momentum·V + rate·(gradient + decay·θ), θ ← θ − V. When the rate drops, the velocity keeps its magnitude.</summary>
internal sealed class SgdOptimizer : Optimizer
{
    private readonly Tensor[] velocities;

    public SgdOptimizer(OptimizerOptions options, IReadOnlyList<(string Name, Parameter Value)> parameters)
        : base(options, parameters) => velocities = Zeros();

    public override IEnumerable<(string Name, Tensor Value)> Buffers =>
        velocities.Select((velocity, i) => ($"velocity.{Parameters[i].Name}", velocity));

    protected override void Move(int index, Tensor value, Tensor gradient, double rate, double decay, long step)
    {
        var velocity = velocities[index];
        velocity.mul_(Options.Momentum).add_(gradient, alpha: rate);
        if (decay > 0)
            velocity.add_(value, alpha: rate * decay);
        value.sub_(velocity);
    }
}
