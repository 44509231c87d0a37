using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeconvNet.Training.Optimization;

/// <summary>Turns gradients into steps. Its buffers are part of a checkpoint.</summary>
internal abstract class Optimizer(OptimizerOptions options, IReadOnlyList<(string Name, Parameter Value)> parameters) : IDisposable
{
    protected OptimizerOptions Options { get; } = options;

    protected IReadOnlyList<(string Name, Parameter Value)> Parameters { get; } = parameters;

    /// <summary>The buffers by name; owned by the optimizer.</summary>
    public abstract IEnumerable<(string Name, Tensor Value)> Buffers { get; }

    /// <summary>Makes the optimizer for the trainable parameters of a network.</summary>
    public static Optimizer Create(OptimizerOptions options, IEnumerable<(string Name, Parameter Value)> parameters)
    {
        (string, Parameter)[] trainable = [.. parameters.Where(parameter => parameter.Value.requires_grad)];
        return options.Kind == OptimizerKind.Sgd ? new SgdOptimizer(options, trainable) : new AdamOptimizer(options, trainable);
    }

    /// <summary>Moves the parameters by their gradients.</summary>
    /// <param name="rate">Learning rate.</param>
    /// <param name="step">Number of this step since the buffers were zero, from 1.</param>
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

            // Batch norm's shift is called bias too, but it is decayed and has the plain rate (facts of the authors' prototxt).
            var isBias = name.EndsWith(".bias", StringComparison.Ordinal) && !IsBatchNorm(name);
            Move(i, value, gradient, isBias ? rate * Options.BiasRateFactor : rate, isBias ? 0 : Options.WeightDecay * decayShare, step);
        }
    }

    /// <summary>Makes the buffers zero, as they are at first.</summary>
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

    /// <summary>Zeros of the shape of every parameter, outside any dispose scope.</summary>
    protected Tensor[] Zeros()
    {
        using var scope = NewDisposeScope();
        return [.. Parameters.Select(parameter => zeros_like(parameter.Value, requires_grad: false).DetachFromDisposeScope())];
    }

    private static bool IsBatchNorm(string name) => name.StartsWith("bn", StringComparison.Ordinal) || name.StartsWith("debn", StringComparison.Ordinal) || name.Contains("_bn", StringComparison.Ordinal);
}
