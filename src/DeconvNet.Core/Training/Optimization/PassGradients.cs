using DeconvNet.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeconvNet.Training.Optimization;

/// <summary>
/// Accumulates the gradients of the passes of a step to their mean. With <see cref="TrainingOptions.CaffeCompatibility"/>, like <c>iter_size</c> in the authors'
/// Caffe: batch norm keeps only the gradient of the last pass, divided by the number of passes, and so is weight decay.
/// </summary>
internal sealed class PassGradients(SegmentationModel model, bool asCaffe)
{
    private readonly Parameter[] batchNorms = [.. model.Layers
        .Where(row => row.BatchNorm is not null)
        .Select(model.BatchNorm)
        .SelectMany(norm => new[] { norm.weight!, norm.bias! })];

    /// <summary>Adds the gradient of a pass.</summary>
    /// <param name="objective">The loss of the pass.</param>
    /// <param name="passes">Number of passes per step.</param>
    public void Add(Tensor objective, int passes)
    {
        using var scope = NewDisposeScope();
        if (asCaffe)
            ForgetBatchNorm();
        (objective / passes).backward();
    }

    /// <summary>Whether batch norm keeps only the gradient of the last pass.</summary>
    public bool KeepsLastOnly => asCaffe;

    /// <summary>Resets the gradients of batch norm, because a later pass provides them.</summary>
    public void ForgetBatchNorm()
    {
        foreach (var parameter in batchNorms)
            parameter.grad?.zero_();
    }

    /// <summary>Factor on the weight decay of a step.</summary>
    public double WeightDecayFactor(int passes) => asCaffe ? 1.0 / passes : 1;
}
