using DeconvNet.Architecture;
using static DeconvNet.Tests.Weights.CaffemodelBytes;

namespace DeconvNet.Tests.Weights;

/// <summary>Networks of later Caffe, whose batch norm is two layers: <c>BatchNorm</c> of mean, variance and what divides them, then <c>Scale</c>.</summary>
internal static class CaffeNormBytes
{
    /// <summary>Writes the net.</summary>
    /// <param name="rows">Its layers.</param>
    /// <param name="values">The values of each place, in the network's order.</param>
    /// <param name="normName">Name of the <c>BatchNorm</c> and <c>Scale</c> layers; those of the authors if <see langword="null"/>.</param>
    /// <param name="divisor">The third blob; mean and variance are stored that many times as large.</param>
    /// <param name="epsilon">The epsilon that the layers state; none if <see langword="null"/>.</param>
    /// <param name="hasScale">Whether there are <c>Scale</c> layers.</param>
    public static byte[] Net(
        IEnumerable<LayerSpec> rows,
        Func<WeightSlot, float[]> values,
        Func<LayerSpec, (string Norm, string Scale)>? normName = null,
        float divisor = 4,
        Func<LayerSpec, float>? epsilon = null,
        bool hasScale = true) =>
    [
        .. Text(1, "normed"),
        .. rows.Where(row => row.HasWeights).SelectMany(row =>
        {
            var type = row.Kind == LayerKind.Deconvolution ? "Deconvolution" : "Convolution";
            byte[] kernel = New(row.Name, type, [Of(WeightPart.Kernel), .. row.HasBias ? [Of(WeightPart.Bias)] : Array.Empty<byte[]>()]);
            if (row.BatchNorm is null)
                return kernel;
            var (norm, scale) = normName is null ? (row.BatchNorm, row.BatchNorm + "_scale") : normName(row);
            byte[][] settings = epsilon is null ? [] : [Bytes(139, SingleFloat(3, epsilon(row)))];
            return
            [
                .. kernel,
                .. New(norm, "BatchNorm", [Of(WeightPart.RunningMean, divisor), Of(WeightPart.RunningVariance, divisor), Blob([divisor], 1), .. settings]),
                .. hasScale ? New(scale, "Scale", Of(WeightPart.Scale), Of(WeightPart.Shift)) : [],
                .. New(row.Name + "_relu", "ReLU"),
            ];

            byte[] Of(WeightPart part, float factor = 1)
            {
                var slot = new WeightSlot(row, part);
                return Blob([.. (part == WeightPart.Kernel ? VggBytes.Kernel(row) : values(slot)).Select(value => value * factor)], slot.Shape);
            }
        }),
    ];
}
