using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeconvNet.Training.Optimization;

/// <summary>Adam (Kingma and Ba, 2015) with decoupled weight decay (Loshchilov and Hutter, 2019).</summary>
internal sealed class AdamOptimizer : Optimizer
{
    private const double Epsilon = 1e-8;

    private readonly Tensor[] means;
    private readonly Tensor[] squares;

    public AdamOptimizer(OptimizerOptions options, IReadOnlyList<(string Name, Parameter Value)> parameters)
        : base(options, parameters) => (means, squares) = (Zeros(), Zeros());

    public override IEnumerable<(string Name, Tensor Value)> Buffers =>
        means.Select((mean, i) => ($"mean.{Parameters[i].Name}", mean))
            .Concat(squares.Select((square, i) => ($"square.{Parameters[i].Name}", square)));

    protected override void Move(int index, Tensor value, Tensor gradient, double rate, double decay, long step)
    {
        if (decay > 0)
            value.mul_(1 - (rate * decay));
        means[index].mul_(Options.Beta1).add_(gradient, alpha: 1 - Options.Beta1);
        squares[index].mul_(Options.Beta2).addcmul_(gradient, gradient, 1 - Options.Beta2);
        var spread = squares[index].sqrt().div_(Math.Sqrt(1 - Math.Pow(Options.Beta2, step))).add_(Epsilon);
        value.addcdiv_(means[index], spread, -rate / (1 - Math.Pow(Options.Beta1, step)));
    }
}
