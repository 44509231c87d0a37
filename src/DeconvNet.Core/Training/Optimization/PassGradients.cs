using DeconvNet.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeconvNet.Training.Optimization;

/// <summary>
/// Turns the gradients of the passes of a step into that of the step: their mean. With <see cref="TrainingOptions.CaffeCompatibility"/> as the authors'
/// Caffe does with <c>iter_size</c>: batch norm keeps the gradient of the last pass only, also divided by the number of passes, and so is weight decay.
/// </summary>
internal sealed class PassGradients(SegmentationModel model, bool asCaffe)
{
    private readonly Parameter[] batchNorms = [.. model.Layers
        .Where(row => row.BatchNorm is not null)
        .Select(model.BatchNorm)
        .SelectMany(norm => new[] { norm.weight!, norm.bias! })];

    /// <summary>Adds the gradient of a pass.</summary>
    /// <param name="objective">The loss of the pass.</param>
    /// <param name="passes">Passes in a step.</param>
    public void Add(Tensor objective, int passes)
    {
        using var scope = NewDisposeScope();
        if (asCaffe)
            ForgetBatchNorm();
        (objective / passes).backward();
    }

    /// <summary>Whether batch norm keeps the gradient of the last pass only.</summary>
    public bool KeepsLastOnly => asCaffe;

    /// <summary>Makes the gradients of batch norm zero: a later pass gives them.</summary>
    public void ForgetBatchNorm()
    {
        foreach (var parameter in batchNorms)
            parameter.grad?.zero_();
    }

    /// <summary>The factor on the weight decay of a step of that many passes.</summary>
    public double WeightDecayFactor(int passes) => asCaffe ? 1.0 / passes : 1;
}
