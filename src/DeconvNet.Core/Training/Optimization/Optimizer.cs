using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeconvNet.Training.Optimization;

/// <summary>Updates parameters from gradients. Its buffers are part of checkpoints.</summary>
internal abstract class Optimizer(OptimizerOptions options, IReadOnlyList<(string Name, Parameter Value)> parameters) : IDisposable
{
    protected OptimizerOptions Options { get; } = options;

    protected IReadOnlyList<(string Name, Parameter Value)> Parameters { get; } = parameters;

    /// <summary>The buffers by name; owned by the optimizer.</summary>
    public abstract IEnumerable<(string Name, Tensor Value)> Buffers { get; }

    /// <summary>Creates the optimizer for the trainable parameters of a network.</summary>
    public static Optimizer Create(OptimizerOptions options, IEnumerable<(string Name, Parameter Value)> parameters)
    {
        (string, Parameter)[] trainable = [.. parameters.Where(parameter => parameter.Value.requires_grad)];
        return options.Kind == OptimizerKind.Sgd ? new SgdOptimizer(options, trainable) : new AdamOptimizer(options, trainable);
    }

    /// <summary>Updates the parameters.</summary>
    /// <param name="rate">Learning rate.</param>
    /// <param name="step">Number of the step since the buffers were reset, from 1.</param>
    /// <param name="decayShare">Factor on the weight decay.</param>
    public void Step(double rate, long step, double decayShare = 1)
    {
        using var frozen = no_grad();
        for (var i = 0; i < Parameters.Count; i++)
        {
            using var scope = NewDisposeScope();
            var (name, value) = Parameters[i];
            if (!value.requires_grad || value.grad is not { } gradient)
                continue;

            // The shift of batch norm is also called bias, but has weight decay and the normal learning rate, as in the authors' prototxt.
            var isBias = name.EndsWith(".bias", StringComparison.Ordinal) && !IsBatchNorm(name);
            Move(i, value, gradient, isBias ? rate * Options.BiasRateFactor : rate, isBias ? 0 : Options.WeightDecay * decayShare, step);
        }
    }

    /// <summary>Resets the buffers to zero.</summary>
    public void Reset()
    {
        using var scope = NewDisposeScope();
        foreach (var (_, buffer) in Buffers)
            buffer.zero_();
    }

    public void Dispose()
    {
        foreach (var (_, buffer) in Buffers)
            buffer.Dispose();
    }

    protected abstract void Move(int index, Tensor value, Tensor gradient, double rate, double decay, long step);

    /// <summary>Zeros in the shape of every parameter, outside any dispose scope.</summary>
    protected Tensor[] Zeros()
    {
        using var scope = NewDisposeScope();
        return [.. Parameters.Select(parameter => zeros_like(parameter.Value, requires_grad: false).DetachFromDisposeScope())];
    }

    private static bool IsBatchNorm(string name) => name.StartsWith("bn", StringComparison.Ordinal) || name.StartsWith("debn", StringComparison.Ordinal) || name.Contains("_bn", StringComparison.Ordinal);
}
