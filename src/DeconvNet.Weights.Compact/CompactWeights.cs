using DeconvNet.Networks;
using DeconvNet.Runtime;
using DeconvNet.Segmentation;

namespace DeconvNet.Weights;

/// <summary>The default weights, part of this package: nothing is downloaded. Thread-safe.</summary>
public static class CompactWeights
{
    private const string Resource = "compact.safetensors";

    /// <summary>Makes a model with the trained weights, on the CPU; the caller disposes it.</summary>
    /// <exception cref="InvalidOperationException">Libtorch does not run here.</exception>
    /// <exception cref="PlatformNotSupportedException">TorchSharp does not support this system or processor.</exception>
    public static DeconvNetModel Load()
    {
        TorchRuntime.EnsureUsable();
        using var stream = Open();
        return DeconvNetModel.Load(stream, Resource);
    }

    /// <summary>Makes a segmenter with the trained weights, which it owns.</summary>
    /// <param name="options">The recipe; <see cref="ProposalSegmenterOptions.Default"/> if omitted.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">Libtorch does not run here.</exception>
    public static ISegmenter CreateSegmenter(ProposalSegmenterOptions? options = null)
    {
        var scorer = new TorchCropScorer(Load(), ownsModel: true);
        try
        {
            return new ProposalSegmenter(scorer, proposals: null, options, ownsScorer: true);
        }
        catch
        {
            scorer.Dispose();
            throw;
        }
    }

    /// <summary>Tells what the weights are for and where they come from: network, classes, licence, recipe, measured figures. Libtorch is not needed.</summary>
    public static WeightsContents Describe()
    {
        using var stream = Open();
        return WeightsContents.Read(stream, Resource);
    }

    private static Stream Open() => typeof(CompactWeights).Assembly.GetManifestResourceStream(Resource)!;
}
