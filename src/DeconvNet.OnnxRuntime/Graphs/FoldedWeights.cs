using System.Numerics.Tensors;
using DeconvNet.Architecture;
using DeconvNet.Datasets;
using DeconvNet.Weights;
using DeconvNet.Weights.Formats;

namespace DeconvNet.OnnxRuntime.Graphs;

/// <summary>Opened weights, with each batch norm folded into the kernel and bias before it. Values are read when they are needed.</summary>
internal sealed class FoldedWeights : IDisposable
{
    private readonly WeightsFile file;
    private readonly NetworkWeights source;

    /// <exception cref="InvalidDataException">The weights are damaged, or for another network.</exception>
    public FoldedWeights(TrainedWeights weights)
    {
        file = WeightsFile.Open(weights.OpenRead(), weights.Name);
        try
        {
            source = weights is FcnWeights ? NetworkWeights.OpenFcn(file, preprocessing: null) : NetworkWeights.OpenDeconvNet(file, CaffeBatchNorm.Folded, preprocessing: null);
            if (source.Refusal is { } refusal)
                throw new InvalidDataException(refusal);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public string Name => file.Name;

    public INetworkOptions Options => source.Options;

    public WeightsInfo Info => source.Info;

    public IReadOnlyList<string> ClassNames => source.ClassNames
        ?? (Options.ClassCount == VocClasses.Names.Count ? VocClasses.Names : [.. Enumerable.Range(0, Options.ClassCount).Select(id => $"class{id}")]);

    /// <summary>The kernel of a row, in the shape of <see cref="LayerSpec.WeightShape"/>.</summary>
    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    public float[] Kernel(LayerSpec row)
    {
        var kernel = Read(row, WeightPart.Kernel);
        if (row.BatchNorm is null)
            return Finite(kernel, row, "kernel");

        var scale = Scale(row);
        var isTransposed = row.Kind is LayerKind.Deconvolution or LayerKind.Upsampling;
        var inner = row.Kernel * row.Kernel * (isTransposed ? 1 : row.InChannels);
        for (var i = 0; i < kernel.Length; i++)
            kernel[i] = (float)(kernel[i] * scale[i / inner % row.OutChannels]);
        return Finite(kernel, row, "kernel");
    }

    /// <summary>The bias of a row, a number for each output channel.</summary>
    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    public float[] Bias(LayerSpec row)
    {
        var bias = row.HasBias ? Read(row, WeightPart.Bias) : new float[row.OutChannels];
        if (row.BatchNorm is null)
            return Finite(bias, row, "bias");

        var (scale, shift, mean) = (Scale(row), Read(row, WeightPart.Shift), Read(row, WeightPart.RunningMean));
        for (var i = 0; i < bias.Length; i++)
            bias[i] = (float)(shift[i] + (((double)bias[i] - mean[i]) * scale[i]));
        return Finite(bias, row, "bias");
    }

    public void Dispose() => file.Dispose();

    private double[] Scale(LayerSpec row)
    {
        var (scale, variance) = (Read(row, WeightPart.Scale), Read(row, WeightPart.RunningVariance));
        return [.. scale.Zip(variance, (factor, squared) => factor / Math.Sqrt(squared + Options.BatchNormEpsilon))];
    }

    // Runtimes may take NaN for zero in a ReLU or in 8 bits: the labels would be wrong without a word.
    private float[] Finite(float[] values, LayerSpec row, string part) => TensorPrimitives.IsFiniteAll<float>(values)
        ? values
        : throw new InvalidDataException($"{file.Name}: the {part} of layer '{row.Name}', with its batch norm folded in, holds NaN or infinity. The weights are damaged, or of a training that diverged.");

    private float[] Read(LayerSpec row, WeightPart part)
    {
        var slot = new WeightSlot(row, part);
        var values = new float[slot.Shape.Aggregate(1L, (product, side) => product * side)];
        source.Read(slot, values);
        return values;
    }
}
