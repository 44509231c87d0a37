using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using DeconvNet.Data;
using DeconvNet.Imaging;
using DeconvNet.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeconvNet.Networks;

/// <summary>
/// DeconvNet (Noh, Hong, Han, ICCV 2015): VGG-16's convolutions, two fully connected layers, and their mirror of unpooling,
/// deconvolution and batch norm. Input <c>[N, 3, S, S]</c> float, preprocessed as <see cref="Preprocessing"/> says;
/// output <c>[N, classes, S, S]</c> logits (probabilities with <see cref="DeconvNetOptions.SoftmaxOutput"/>).
/// </summary>
/// <remarks>Inference in evaluation mode is safe from many threads; training is not.</remarks>
public sealed partial class DeconvNetModel : nn.Module<Tensor, Tensor>
{
    private readonly Dictionary<string, nn.Module> layers = [];

    /// <summary>Makes a network with fresh weights: He initialisation for the encoder, Gaussian of 0.01 for the decoder (as the authors').</summary>
    /// <param name="options">Its shape; <see cref="DeconvNetOptions.Paper"/> if <see langword="null"/>.</param>
    /// <param name="classNames">Names by class id; VOC's if <see langword="null"/> and there are 21 classes, else <c>class0</c> ….</param>
    /// <exception cref="ArgumentException">An option is out of range, or the number of names is not the class count.</exception>
    /// <exception cref="InsufficientMemoryException">The network does not fit into memory.</exception>
    /// <exception cref="InvalidOperationException">Libtorch does not run; the message says what to do (<see cref="TorchRuntime.Check"/>).</exception>
    public DeconvNetModel(DeconvNetOptions? options = null, IReadOnlyList<string>? classNames = null)
        : this(options ?? DeconvNetOptions.Paper, classNames, LayerTable.Create)
    {
    }

    /// <summary>Makes a network of other rows than the published ones.</summary>
    /// <param name="options">Input size, class count and batch norm; the rows decide the rest.</param>
    /// <param name="classNames">As for the published rows.</param>
    /// <param name="makeRows">Makes the rows after the options were checked.</param>
    /// <param name="isEmpty">Whether kernels and biases have no defined values, for one who fills them at once: that saves the time of drawing them.</param>
    internal DeconvNetModel(DeconvNetOptions options, IReadOnlyList<string>? classNames, Func<DeconvNetOptions, IReadOnlyList<LayerRow>> makeRows, bool isEmpty = false)
        : base(TorchRuntime.Usable(nameof(DeconvNetModel)))
    {
        Options = options;
        Options.Validate();
        ClassNames = classNames ?? DefaultNames(Options.ClassCount);
        if (ClassNames.Count != Options.ClassCount)
            throw new ArgumentException($"{ClassNames.Count} class names were given for {Options.ClassCount} classes.", nameof(classNames));

        StatisticsMomentum = Options.BatchNormMomentum;
        Layers = makeRows(Options);
        try
        {
            foreach (var row in Layers.Where(row => row.HasWeights))
                AddModules(row, isEmpty);

            // After all small tensors, which would otherwise break up the gaps that the kernels of an earlier model left.
            if (isEmpty)
            {
                foreach (var module in layers.Values)
                    TakeMemory(module);
            }
        }
        catch (ExternalException error)
        {
            throw new InsufficientMemoryException($"A network of {Summary().ParameterCount} parameters does not fit into memory: {error.Message}", error);
        }
    }

    /// <summary>The shape of the network.</summary>
    public DeconvNetOptions Options { get; }

    /// <summary>Class names by id; index 0 is background.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>How pixels become input.</summary>
    public Preprocessing Preprocessing => Options.Preprocessing;

    /// <summary>The layer table, in order of computation.</summary>
    public IReadOnlyList<LayerRow> Layers { get; }

    /// <summary>Layers, output shapes, parameters and multiply-adds.</summary>
    public ModelSummary Summary() => new(Layers);

    /// <summary>Weight of the newest batch in the running statistics while training; the trainer changes it to take plain averages.</summary>
    internal double StatisticsMomentum { get; set; }

    /// <summary>The parameters of the (de)convolution of <paramref name="row"/>; owned by the model.</summary>
    internal (Parameter Weight, Parameter? Bias) Kernel(LayerRow row) => layers[row.Name] switch
    {
        Conv2d convolution => (convolution.weight, convolution.bias),
        ConvTranspose2d deconvolution => (deconvolution.weight, deconvolution.bias),
        var other => throw new InvalidOperationException($"{row.Name} is a {other.GetType().Name}, which has no kernel."),
    };

    /// <summary>The batch norm that follows <paramref name="row"/>; owned by the model.</summary>
    internal BatchNorm2d BatchNorm(LayerRow row) => (BatchNorm2d)layers[row.BatchNorm!];

    private static string[] DefaultNames(int classCount) => classCount == VocClasses.Names.Count
        ? [.. VocClasses.Names]
        : [.. Enumerable.Range(0, classCount).Select(id => $"class{id}")];

    private void AddModules(LayerRow row, bool isEmpty)
    {
        using var scope = NewDisposeScope();

        // Modules draw their values when they are made, but not on a device without memory.
        var device = isEmpty ? META : null;
        if (row.Kind == LayerKind.Deconvolution)
        {
            var deconvolution = nn.ConvTranspose2d(row.InChannels, row.OutChannels, row.Kernel, padding: row.Padding, bias: row.HasBias, device: device);
            if (!isEmpty)
                nn.init.normal_(deconvolution.weight, 0, 0.01);
            Add(row.Name, deconvolution, deconvolution.bias);
        }
        else
        {
            var convolution = nn.Conv2d(row.InChannels, row.OutChannels, row.Kernel, padding: row.Padding, bias: row.HasBias, device: device);
            if (!isEmpty && row.Kind == LayerKind.Score)
                nn.init.normal_(convolution.weight, 0, 0.01);
            else if (!isEmpty)
                nn.init.kaiming_normal_(convolution.weight, mode: nn.init.FanInOut.FanIn, nonlinearity: nn.init.NonlinearityType.ReLU);
            Add(row.Name, convolution, convolution.bias);
        }

        if (row.BatchNorm is not { } name)
            return;

        var batchNorm = nn.BatchNorm2d(row.OutChannels, Options.BatchNormEpsilon, Options.BatchNormMomentum);
        layers.Add(name, batchNorm);
        register_module(LayerNames.ToModuleName(name), batchNorm);
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
