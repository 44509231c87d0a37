using System.Runtime.InteropServices;
using DeconvNet.Architecture;
using DeconvNet.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Networks;

public abstract partial class SegmentationModel
{
    /// <summary>Runs the network and returns the activations of its layers.</summary>
    /// <param name="input">As for <c>forward</c>; not disposed.</param>
    /// <param name="layers">
    /// Layer names as in <see cref="Layers"/>, such as <c>pool5</c> or <c>deconv3_1</c>; all if none are given. Outputs are taken after batch norm and ReLU. A DeconvNet also has the
    /// switches of its poolings, under the layer name with the suffix <c>_mask</c>; an FCN has the sums of its skips, <c>fuse_pool4</c> and <c>fuse_pool3</c>.
    /// </param>
    /// <returns>The outputs by layer name, in order of computation; the caller disposes them.</returns>
    /// <example><code>
    /// using var seen = model.Observe(input, "fc7", "deconv3_1");
    /// Console.WriteLine(seen["deconv3_1"].abs().mean().ToDouble());
    /// </code></example>
    /// <exception cref="ArgumentException">The shape, type or device of the input does not match, or a layer does not exist.</exception>
    /// <exception cref="InsufficientMemoryException">There is not enough memory.</exception>
    /// <exception cref="InvalidOperationException">The device failed.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public Activations Observe(Tensor input, params IReadOnlyCollection<string> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.FirstOrDefault(layer => !IsObserved(layer)) is { } unknown)
            throw new ArgumentException($"The network has no layer '{unknown}'; it has {string.Join(", ", Layers.Select(row => row.Name))}.", nameof(layers));
        var wanted = layers.ToHashSet(StringComparer.Ordinal);
        var seen = new Activations();
        try
        {
            using var logits = Observe(input, (layer, output) =>
            {
                if (wanted.Count == 0 || wanted.Contains(layer))
                    seen.Add(layer, output);
            });
            return seen;
        }
        catch
        {
            seen.Dispose();
            throw;
        }
    }

    /// <summary>Runs the network up to its logits and calls back with the output of every layer during the pass; in the mode of the model unless specified.</summary>
    internal Tensor Observe(Tensor input, Action<string, Tensor>? observe, bool? isTraining = null) => Guarded(input, () => Run(input, isTraining ?? training, observe));

    /// <summary>Runs the network as in evaluation mode, without changing its mode. The caller holds the lock for running it.</summary>
    /// <param name="input">As for <c>forward</c>; not disposed.</param>
    /// <param name="kernels">Made from this model as it is.</param>
    internal Tensor Infer(Tensor input, InferenceKernels kernels) => Checked(input, () => Output(Run(kernels.Arrange(input), isTraining: false, observe: null, kernels)));

    /// <summary>Runs the network up to fc7, <c>[N, C, h, w]</c>; the caller disposes it.</summary>
    internal Tensor Encode(Tensor input) => Guarded(input, () => RunEncoder(input, training));

    /// <summary>The first layer whose output contains NaN or infinity, in evaluation mode; <see langword="null"/> if there is none. The caller holds the lock for running it.</summary>
    internal string? FirstNotFinite(Tensor input)
    {
        string? first = null;
        using var logits = Checked(input, () => Run(input, isTraining: false, (layer, output) =>
        {
            if (first is null && output.is_floating_point() && !output.isfinite().all().ToBoolean())
                first = layer;
        }));
        return first;
    }

    /// <summary>Runs the rows up to the logits.</summary>
    /// <param name="input">The input of the first row.</param>
    /// <param name="isTraining">Whether batch norm uses batch statistics, and dropout drops.</param>
    /// <param name="observe">Called with the output of every layer.</param>
    /// <param name="kernels">Used instead of the parameters, in evaluation.</param>
    private protected abstract Tensor Run(Tensor input, bool isTraining, Action<string, Tensor>? observe, InferenceKernels? kernels = null);

    /// <summary>Runs the rows up to fc7.</summary>
    private protected abstract Tensor RunEncoder(Tensor input, bool isTraining);

    /// <summary>Converts logits to the output of the network.</summary>
    private protected virtual Tensor Output(Tensor logits) => logits;

    private protected Tensor RunWhole(Tensor input) => Guarded(input, () => Output(Run(input, training, observe: null)));

    /// <inheritdoc/>
    protected override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
    {
        using var changing = Access.Change();
        return base._to(deviceType, deviceIndex, non_blocking);
    }

    /// <inheritdoc/>
    protected override nn.Module _to(Device device, ScalarType dtype, bool non_blocking)
    {
        using var changing = Access.Change();
        return base._to(device, dtype, non_blocking);
    }

    /// <inheritdoc/>
    protected override nn.Module _to(ScalarType dtype, bool non_blocking)
    {
        using var changing = Access.Change();
        return base._to(dtype, non_blocking);
    }

    private Tensor Guarded(Tensor input, Func<Tensor> run)
    {
        using var running = Access.Run(this);
        return Checked(input, run);
    }

    private Tensor Checked(Tensor input, Func<Tensor> run)
    {
        CheckInput(input);
        using var scope = NewDisposeScope();
        try
        {
            return run().MoveToOuterDisposeScope();
        }
        catch (ExternalException error)
        {
            throw TorchFailure.Explain(error, $"The network failed on input of shape [{string.Join(", ", input.shape)}]");
        }
    }

    private bool IsObserved(string layer) => Layers.Any(row =>
        row.Name == layer || (row.Kind == LayerKind.Pooling && (FixedInputSize is null ? layer == "fuse_" + row.Name && row.Name is "pool3" or "pool4" : layer == row.Name + "_mask")));
}
