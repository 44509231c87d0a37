using DeconvNet.Networks;
using DeconvNet.Proposals;
using DeconvNet.Runtime;
using DeconvNet.Segmentation;
using DeconvNet.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Engine;

/// <summary>Creates models and segmenters from trained weights, run by libtorch.</summary>
public static class WeightsModels
{
    /// <summary>Creates a model with the weights, in evaluation mode; the caller disposes it.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="device">The device of the model; the CPU if omitted.</param>
    /// <exception cref="InvalidDataException">The weights are damaged, or for a different kind of network.</exception>
    /// <exception cref="InvalidOperationException">Libtorch cannot be loaded.</exception>
    /// <exception cref="PlatformNotSupportedException">TorchSharp does not support this system or processor.</exception>
    public static DeconvNetModel LoadModel(this DeconvNetWeights weights, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        TorchRuntime.EnsureUsable();
        using var stream = weights.OpenRead();
        return On(device, DeconvNetModel.Load(stream, weights.Name));
    }

    /// <inheritdoc cref="LoadModel(DeconvNetWeights, Device?)"/>
    public static FcnModel LoadModel(this FcnWeights weights, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        TorchRuntime.EnsureUsable();
        using var stream = weights.OpenRead();
        return On(device, FcnModel.Load(stream, weights.Name));
    }

    /// <summary>Creates a segmenter with the weights. The segmenter owns the model and disposes it.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="options">The recipe; values left open come from the weights.</param>
    /// <param name="device">The device on which the network runs; the CPU if omitted.</param>
    /// <param name="proposals">Finds the regions to score; <see cref="Proposals.Ranking.RankedEdgeBoxes"/> if omitted.</param>
    /// <param name="engine">Options of the engine; <see cref="TorchEngineOptions.Default"/> if omitted.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="InvalidDataException">The weights are damaged, or for a different kind of network.</exception>
    /// <exception cref="InvalidOperationException">Libtorch cannot be loaded.</exception>
    public static ProposalSegmenter CreateSegmenter(
        this DeconvNetWeights weights, ProposalSegmenterOptions? options = null, Device? device = null, IProposalGenerator? proposals = null, TorchEngineOptions? engine = null)
    {
        (options ?? ProposalSegmenterOptions.Default).Validate();
        engine ??= TorchEngineOptions.Default;
        engine.Validate();
        return new(new TorchScorer(weights.LoadModel(device), engine) { OwnsNetwork = true }, proposals, options);
    }

    /// <summary>Creates a segmenter with the weights. The segmenter owns the model and disposes it.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="options">The recipe; values left open come from the weights.</param>
    /// <param name="device">The device on which the network runs; the CPU if omitted.</param>
    /// <param name="engine">Options of the engine; <see cref="TorchEngineOptions.Default"/> if omitted.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="InvalidDataException">The weights are damaged, or for a different kind of network.</exception>
    /// <exception cref="InvalidOperationException">Libtorch cannot be loaded.</exception>
    public static FcnSegmenter CreateSegmenter(this FcnWeights weights, FcnSegmenterOptions? options = null, Device? device = null, TorchEngineOptions? engine = null)
    {
        (options ?? FcnSegmenterOptions.Default).Validate();
        engine ??= TorchEngineOptions.Default;
        engine.Validate();
        return new(new TorchScorer(weights.LoadModel(device), engine) { OwnsNetwork = true }, options);
    }

    private static T On<T>(Device? device, T model)
        where T : SegmentationModel
    {
        try
        {
            return device is null || device.type == DeviceType.CPU ? model : model.to(device);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
