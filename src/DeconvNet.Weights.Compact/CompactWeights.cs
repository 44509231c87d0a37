using DeconvNet.Networks;
using DeconvNet.Runtime;
using DeconvNet.Segmentation;

namespace DeconvNet.Weights;

/// <summary>The trained weights that are part of this package: the default DeconvNet and a small FCN-8s. Nothing is downloaded. Thread-safe.</summary>
public static class CompactWeights
{
    private const string Resource = "compact.safetensors";
    private const string FcnResource = "fcn8s-compact.safetensors";

    /// <summary>Makes a model with the trained weights, on the CPU; the caller disposes it.</summary>
    /// <exception cref="InvalidOperationException">Libtorch does not run here.</exception>
    /// <exception cref="PlatformNotSupportedException">TorchSharp does not support this system or processor.</exception>
    public static DeconvNetModel Load()
    {
        TorchRuntime.EnsureUsable();
        using var stream = Open(Resource);
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
        using var stream = Open(Resource);
        return WeightsContents.Read(stream, Resource);
    }

    /// <summary>Makes the small FCN-8s with its trained weights, on the CPU; the caller disposes it.</summary>
    /// <exception cref="InvalidOperationException">Libtorch does not run here.</exception>
    /// <exception cref="PlatformNotSupportedException">TorchSharp does not support this system or processor.</exception>
    public static FcnModel LoadFcn()
    {
        TorchRuntime.EnsureUsable();
        using var stream = Open(FcnResource);
        return FcnModel.Load(stream, FcnResource);
    }

    /// <summary>Makes a segmenter with the small FCN-8s, which it owns.</summary>
    /// <param name="options">The recipe; <see cref="FcnSegmenterOptions.Compact"/> if omitted.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">Libtorch does not run here.</exception>
    public static ISegmenter CreateFcnSegmenter(FcnSegmenterOptions? options = null)
    {
        var scorer = new TorchImageScorer(LoadFcn(), ownsModel: true);
        try
        {
            return new FcnSegmenter(scorer, options ?? FcnSegmenterOptions.Compact, ownsScorer: true);
        }
        catch
        {
            scorer.Dispose();
            throw;
        }
    }

    /// <summary>Tells what the weights of the small FCN-8s are for and where they come from. Libtorch is not needed.</summary>
    public static WeightsContents DescribeFcn()
    {
        using var stream = Open(FcnResource);
        return WeightsContents.Read(stream, FcnResource);
    }

    private static Stream Open(string resource) => typeof(CompactWeights).Assembly.GetManifestResourceStream(resource)!;
}
