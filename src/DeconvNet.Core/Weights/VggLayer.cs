using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Weights.Formats;
using static TorchSharp.torch;

namespace DeconvNet.Weights;

/// <summary>A layer of a VGG-16 file, matched to a layer of the network.</summary>
internal sealed class VggLayer
{
    private readonly WeightsFile file;
    private readonly LayerSpec row;
    private readonly StoredTensor kernel;
    private readonly StridedLayout? layout;
    private readonly Dictionary<WeightPart, StoredTensor> vectors = [];
    private readonly double epsilon;

    private VggLayer(WeightsFile file, VggTensors tensors, int layer, LayerSpec row, NamedTensor entry)
    {
        this.file = file;
        this.row = row;
        kernel = entry.Tensor;
        layout = VggKernel.LayoutFor(row, entry.Tensor, entry.Name.IsKeras);
        epsilon = tensors.NormEpsilon;
        if (layout is null)
            Misfits.Add(new(kernel.Name, row.WeightShape, kernel.Shape));
        Add(WeightPart.Bias, tensors.Find(layer, isNorm: false, "bias"));
        Add(WeightPart.Scale, tensors.Find(layer, isNorm: true, "weight"));
        Add(WeightPart.Shift, tensors.Find(layer, isNorm: true, "bias"));
        Add(WeightPart.RunningMean, tensors.Find(layer, isNorm: true, "running_mean"));
        Add(WeightPart.RunningVariance, tensors.Find(layer, isNorm: true, "running_var"));
    }

    /// <summary>Tensors whose shape differs.</summary>
    public List<ShapeMismatch> Misfits { get; } = [];

    /// <summary>Whether there is a bias, or a batch norm that replaces it.</summary>
    public bool IsWhole => vectors.ContainsKey(WeightPart.Bias) || vectors.ContainsKey(WeightPart.Shift) || vectors.ContainsKey(WeightPart.RunningMean);

    public static VggLayer? Find(WeightsFile file, VggTensors tensors, int layer, LayerSpec row) =>
        tensors.Find(layer, isNorm: false, "weight") is { } entry ? new(file, tensors, layer, row, entry) : null;

    /// <summary>Sets kernel, bias and batch norm of the layer in the model.</summary>
    /// <param name="model">The network.</param>
    /// <param name="input">For the first layer, the preprocessing of the file's network.</param>
    public void CopyTo(SegmentationModel model, Preprocessing? input)
    {
        var values = ReadKernel();
        double[] bias = [.. Read(WeightPart.Bias, 0)];
        if (input is not null)
        {
            var more = VggKernel.Rewrite(values, row.OutChannels, input, model.Preprocessing);
            bias = [.. bias.Zip(more, (one, other) => one + other)];
        }

        if (row.BatchNorm is null)
        {
            CopyFolded(model, values, bias);
            return;
        }

        // The epsilon of the model's batch norm may differ; an identity is exact.
        var target = model.BatchNormEpsilon;
        var hasStatistics = vectors.ContainsKey(WeightPart.RunningVariance);
        double[] scale = [.. Read(WeightPart.Scale, 1)];
        double[] mean = [.. Read(WeightPart.RunningMean, 0)];
        var deviation = Read(WeightPart.RunningVariance, 1).Select(value => Math.Max(0, value) + (hasStatistics ? epsilon : 0)).ToArray();
        var variance = deviation.Select(value => Math.Max(0, value - target)).ToArray();
        for (var i = 0; i < scale.Length; i++)
        {
            if (variance[i] == 0 && deviation[i] > 0)
                scale[i] *= Math.Sqrt(target / deviation[i]);
            if (!row.HasBias)
                mean[i] -= bias[i];
        }

        Set(WeightPart.Kernel, values);
        if (row.HasBias)
            Set(WeightPart.Bias, Floats(bias));
        Set(WeightPart.Scale, Floats(scale));
        Set(WeightPart.Shift, Floats(Read(WeightPart.Shift, 0)));
        Set(WeightPart.RunningMean, Floats(mean));
        Set(WeightPart.RunningVariance, Floats(variance));

        void Set(WeightPart part, float[] numbers) => this.Set(model, part, numbers);
    }

    /// <summary>For a network without batch norm: folds that of the file, if any, into kernel and bias.</summary>
    private void CopyFolded(SegmentationModel model, float[] values, double[] bias)
    {
        double[] scale = [.. Read(WeightPart.Scale, 1)];
        double[] mean = [.. Read(WeightPart.RunningMean, 0)];
        double[] shift = [.. Read(WeightPart.Shift, 0)];
        double[] variance = [.. Read(WeightPart.RunningVariance, 1)];
        var norm = vectors.ContainsKey(WeightPart.RunningVariance) ? epsilon : 0;
        for (var i = 0; i < bias.Length; i++)
        {
            var gain = scale[i] / Math.Sqrt(Math.Max(0, variance[i]) + norm);
            foreach (ref var value in values.AsSpan(i * (values.Length / bias.Length), values.Length / bias.Length))
                value = (float)(value * gain);
            bias[i] = ((bias[i] - mean[i]) * gain) + shift[i];
        }

        Set(model, WeightPart.Kernel, values);
        Set(model, WeightPart.Bias, Floats(bias));
    }

    private void Set(SegmentationModel model, WeightPart part, float[] numbers)
    {
        var slot = new WeightSlot(row, part);
        using var source = tensor(numbers, [.. slot.Shape]);
        model.TensorOf(slot).copy_(source);
    }

    private static float[] Floats(IEnumerable<double> values) => [.. values.Select(value => (float)value)];

    private float[] ReadKernel()
    {
        var values = new float[kernel.Count];
        file.Read(kernel, values);
        if (layout!.IsRowMajor)
            return values;
        var gathered = new float[kernel.Count];
        layout.Gather(values, gathered);
        return gathered;
    }

    private IEnumerable<double> Read(WeightPart part, double otherwise)
    {
        if (!vectors.TryGetValue(part, out var vector))
            return Enumerable.Repeat(otherwise, row.OutChannels);
        var values = new float[vector.Count];
        file.Read(vector, values);
        return values.Select(value => (double)value);
    }

    private void Add(WeightPart part, NamedTensor? entry)
    {
        if (entry is not { } found)
            return;
        vectors.Add(part, found.Tensor);
        if (found.Tensor.Count != row.OutChannels || found.Tensor.Shape.Count(side => side != 1) > 1)
            Misfits.Add(new(found.Tensor.Name, [row.OutChannels], found.Tensor.Shape));
    }
}
