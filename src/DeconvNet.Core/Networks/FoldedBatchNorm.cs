using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeconvNet.Networks;

/// <summary>A batch norm in evaluation mode as a scale and a shift, the form in which the authors published it.</summary>
internal static class FoldedBatchNorm
{
    /// <summary>Computes scale/√(variance + ε) and shift − mean·scale/√(variance + ε), both 64-bit <c>[C]</c> on the CPU and the caller's to dispose.</summary>
    public static (Tensor Scale, Tensor Shift) Of(BatchNorm2d norm, double epsilon)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var scale = norm.weight!.cpu().to(float64) / (norm.running_var!.cpu().to(float64) + epsilon).sqrt();
        var shift = norm.bias!.cpu().to(float64) - (norm.running_mean!.cpu().to(float64) * scale);
        return (scale.MoveToOuterDisposeScope(), shift.MoveToOuterDisposeScope());
    }
}
