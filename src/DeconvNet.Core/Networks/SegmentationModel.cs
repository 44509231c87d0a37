using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using DeconvNet.Architecture;
using DeconvNet.Datasets;
using DeconvNet.Imaging;
using DeconvNet.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeconvNet.Networks;

/// <summary>
/// A network built from a layer table: <see cref="DeconvNetModel"/> or <see cref="FcnModel"/>.
/// Input <c>[N, 3, H, W]</c> float, preprocessed as <see cref="Preprocessing"/> says; output <c>[N, classes, H, W]</c>.
/// </summary>
public abstract partial class SegmentationModel : nn.Module<Tensor, Tensor>
{
    private readonly Dictionary<string, nn.Module> layers = [];
    private readonly BatchNormOptions batchNorm;

    private protected SegmentationModel(string name, int classCount, IReadOnlyList<string>? classNames, Preprocessing preprocessing, BatchNormOptions batchNorm)
        : base(TorchRuntime.Usable(name))
    {
        ClassNames = classNames ?? DefaultNames(classCount);
        if (ClassNames.Any(className => className is null))
            throw new ArgumentException("A class name is null.", nameof(classNames));
        if (ClassNames.Count != classCount)
            throw new ArgumentException($"{ClassNames.Count} class names were given for {classCount} classes.", nameof(classNames));
        Preprocessing = preprocessing;
        this.batchNorm = batchNorm;
        StatisticsMomentum = batchNorm.Momentum;
    }

    /// <summary>Class names by id; id 0 is background.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>How pixels become network input.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>The layer table, in order of computation.</summary>
    public IReadOnlyList<LayerSpec> Layers { get; private set; } = [];

    /// <summary>Held by a scorer during a pass: one pass at a time, since it uses all cores.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>Guards the model against being changed while it runs.</summary>
    internal ModelAccess Access { get; } = new();

    internal abstract INetworkOptions NetworkOptions { get; }

    /// <summary>Side of the square input in pixels; <see langword="null"/> if any size is accepted.</summary>
    internal abstract int? FixedInputSize { get; }

    /// <summary>Number of channels of fc7.</summary>
    internal abstract int EncodedChannels { get; }

    /// <summary>Dropout rate of fc6 and fc7.</summary>
    internal virtual double Dropout => 0;

    /// <summary>Random generator of dropout; torch's global one if <see langword="null"/>.</summary>
    internal Generator? DropoutGenerator { get; set; }

    /// <summary>Epsilon of batch norm.</summary>
    internal double BatchNormEpsilon => batchNorm.Epsilon;

    /// <summary>Momentum of the running statistics in training; the trainer changes it to compute plain averages.</summary>
    internal double StatisticsMomentum { get; set; }

    /// <summary>Batch norms whose running statistics are frozen in training.</summary>
    internal IReadOnlySet<string> FrozenNorms { get; set; } = new HashSet<string>();

    /// <summary>Resets <see cref="StatisticsMomentum"/> to the value in the options.</summary>
    internal void ResetStatisticsMomentum() => StatisticsMomentum = batchNorm.Momentum;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // The finalizer runs when the model is unreachable, possibly because its constructor failed.
        if (!disposing)
        {
            base.Dispose(disposing);
            return;
        }

        using var changing = Access.Change();
        Access.Close();
        base.Dispose(disposing);
    }

    /// <summary>The parameters of the (de)convolution of <paramref name="row"/>; owned by the model.</summary>
    internal (Parameter Weight, Parameter? Bias) Kernel(LayerSpec row) => layers[row.Name] switch
    {
        Conv2d convolution => (convolution.weight, convolution.bias),
        ConvTranspose2d deconvolution => (deconvolution.weight, deconvolution.bias),
        var other => throw new InvalidOperationException($"{row.Name} is a {other.GetType().Name}, which has no kernel."),
    };

    /// <summary>The kernel of <paramref name="row"/> in the form in which it is computed, and its bias; owned by the model or in the current dispose scope.</summary>
    internal virtual (Tensor Weight, Tensor? Bias) ConvolutionKernel(LayerSpec row) => Kernel(row);

    /// <summary>The batch norm that follows <paramref name="row"/>; owned by the model.</summary>
    internal BatchNorm2d BatchNorm(LayerSpec row) => (BatchNorm2d)layers[row.BatchNorm!];

    /// <summary>The tensor of a slot; owned by the model.</summary>
    internal Tensor TensorOf(WeightSlot slot) => slot.Part switch
    {
        WeightPart.Kernel => Kernel(slot.Row).Weight,
        WeightPart.Bias => Kernel(slot.Row).Bias!,
        WeightPart.Scale => BatchNorm(slot.Row).weight!,
        WeightPart.Shift => BatchNorm(slot.Row).bias!,
        WeightPart.RunningMean => BatchNorm(slot.Row).running_mean!,
        _ => BatchNorm(slot.Row).running_var!,
    };

    /// <summary>Creates the modules of the rows.</summary>
    /// <param name="rows">The layer table.</param>
    /// <param name="isEmpty">Whether to leave kernels and biases uninitialized, because they are filled right after.</param>
    /// <param name="initialize">Initializes a kernel.</param>
    /// <exception cref="InsufficientMemoryException">There is not enough memory.</exception>
    private protected void Build(IReadOnlyList<LayerSpec> rows, bool isEmpty, Action<LayerSpec, Tensor> initialize)
    {
        Layers = rows;
        try
        {
            foreach (var row in rows.Where(row => row.HasWeights))
                AddModules(row, isEmpty, initialize);

            // Allocated after all small tensors, which would otherwise fragment the memory freed by an earlier model.
            if (isEmpty)
            {
                foreach (var module in layers.Values)
                    TakeMemory(module);
            }
        }
        catch (ExternalException error)
        {
            throw TorchFailure.Explain(error, $"A network of {rows.Sum(row => row.ParameterCount)} parameters could not be made");
        }
    }

    /// <summary>Throws unless the input is <c>[N, 3, H, W]</c> with the type and device of the weights.</summary>
    private protected void CheckInput(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.is_sparse)
            throw new ArgumentException("The input is a sparse tensor; the network takes dense ones. Call to_dense() first.", nameof(input));
        var side = FixedInputSize;
        if (input.dim() != 4 || input.shape[1] != 3 || input.shape[2] < 1 || input.shape[3] < 1 || (side is { } fixedSide && (input.shape[2] != fixedSide || input.shape[3] != fixedSide)))
            throw new ArgumentException($"The input has shape [{string.Join(", ", input.shape)}]; the network takes {(side is null ? "[N, 3, H, W] with at least one pixel" : $"[N, 3, {side}, {side}]")}.", nameof(input));

        var (first, _) = Kernel(Layers[0]);
        if (input.dtype != first.dtype || input.device_type != first.device_type || input.device_index != first.device_index)
            throw new ArgumentException($"The input is {input.dtype} on {input.device}; the network's weights are {first.dtype} on {first.device}.", nameof(input));
    }

    /// <summary>What <paramref name="row"/> computes with: its input in the number format of its kernel, and the kernel.</summary>
    private protected (Tensor X, Tensor Weight, Tensor? Bias) Operands(LayerSpec row, Tensor x, InferenceKernels? kernels)
    {
        var (weight, bias) = kernels?.Of(row) ?? ConvolutionKernel(row);
        return (kernels is null ? x : x.to(weight.dtype), weight, bias);
    }

    /// <summary>Applies batch norm, if the row has one, and ReLU; <paramref name="x"/> may be overwritten.</summary>
    /// <param name="row">The layer.</param>
    /// <param name="x">Output of its kernel.</param>
    /// <param name="isTraining">Whether batch norm uses batch statistics.</param>
    /// <param name="kernels">The kernels that were used, if not the parameters.</param>
    private protected Tensor NormAndRectify(LayerSpec row, Tensor x, bool isTraining, InferenceKernels? kernels)
    {
        if (row.BatchNorm is null || (kernels is not null && InferenceKernels.IsFolded(row)))
            return x.relu_();
        x = kernels?.ToModelType(x) ?? x;
        var norm = BatchNorm(row);
        return nn.functional.batch_norm(x, norm.running_mean, norm.running_var, norm.weight, norm.bias, isTraining && !FrozenNorms.Contains(row.BatchNorm), StatisticsMomentum, BatchNormEpsilon).relu_();
    }

    private static string[] DefaultNames(int classCount) => classCount == VocClasses.Names.Count
        ? [.. VocClasses.Names]
        : [.. Enumerable.Range(0, classCount).Select(id => $"class{id}")];

    private void AddModules(LayerSpec row, bool isEmpty, Action<LayerSpec, Tensor> initialize)
    {
        using var scope = NewDisposeScope();

        // Modules initialize their values on creation, except on the meta device.
        var device = isEmpty ? META : null;
        if (row.Kind is LayerKind.Deconvolution or LayerKind.Upsampling)
        {
            var deconvolution = nn.ConvTranspose2d(row.InChannels, row.OutChannels, row.Kernel, row.Stride, padding: row.Padding, bias: row.HasBias, device: device);
            Add(row.Name, deconvolution, deconvolution.bias);
        }
        else
        {
            var convolution = nn.Conv2d(row.InChannels, row.OutChannels, row.Kernel, padding: row.Padding, bias: row.HasBias, device: device);
            Add(row.Name, convolution, convolution.bias);
        }

        if (!isEmpty)
            initialize(row, Kernel(row).Weight);
        if (row.BatchNorm is not { } name)
            return;

        var norm = nn.BatchNorm2d(row.OutChannels, batchNorm.Epsilon, batchNorm.Momentum);
        layers.Add(name, norm);
        register_module(LayerNames.ToModuleName(name), norm);
    }

    private static void TakeMemory(nn.Module module)
    {
        if (module is Conv2d convolution)
            (convolution.weight, convolution.bias) = (OnCpu(convolution.weight), OnCpu(convolution.bias));
        else if (module is ConvTranspose2d deconvolution)
            (deconvolution.weight, deconvolution.bias) = (OnCpu(deconvolution.weight), OnCpu(deconvolution.bias));
    }

    [return: NotNullIfNotNull(nameof(parameter))]
    private static Parameter? OnCpu(Parameter? parameter) => parameter is null ? null : new(empty(parameter.shape, device: CPU));

    private void Add(string name, nn.Module module, Parameter? bias)
    {
        if (bias is not null)
            nn.init.zeros_(bias);
        layers.Add(name, module);
        register_module(LayerNames.ToModuleName(name), module);
    }
}
