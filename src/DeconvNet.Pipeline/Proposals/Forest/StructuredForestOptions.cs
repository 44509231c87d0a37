namespace DeconvNet.Proposals.Forest;

/// <summary>The shape of a <see cref="StructuredForest"/>, with the names of OpenCV's files. Lengths are in pixels.</summary>
public sealed record StructuredForestOptions
{
    /// <summary>Distance between neighboring patches, 1 … 64. Default 2.</summary>
    public int Stride { get; init; } = 2;

    /// <summary>Downsampling factor of the feature channels, 1 … 8. Default 2.</summary>
    public int ShrinkNumber { get; init; } = 2;

    /// <summary>Side of the patch that features are taken from, a multiple of <see cref="ShrinkNumber"/>, at most 128. Default 32.</summary>
    public int PatchSize { get; init; } = 32;

    /// <summary>Side of the inner patch in which edges are predicted, 1 … <see cref="PatchSize"/>, smaller by an even number. Default 16.</summary>
    public int PatchInnerSize { get; init; } = 16;

    /// <summary>Number of orientations of the gradient histogram, 1 … 32. Default 4.</summary>
    public int NumberOfGradientOrientations { get; init; } = 4;

    /// <summary>Radius of the smoothing before the gradient, 0 … 64. Default 0.</summary>
    public int GradientSmoothingRadius { get; init; }

    /// <summary>Smoothing radius of the features that are used directly, 0 … 64. Default 2.</summary>
    public int RegFeatureSmoothingRadius { get; init; } = 2;

    /// <summary>Smoothing radius of the self-similarity features, 0 … 64. Default 8.</summary>
    public int SsFeatureSmoothingRadius { get; init; } = 8;

    /// <summary>Radius of the gradient normalization, 0 … 64. Default 4.</summary>
    public int GradientNormalizationRadius { get; init; } = 4;

    /// <summary>Number of cells along a side of the self-similarity grid, 2 … 16. Default 5.</summary>
    public int SelfsimilarityGridSize { get; init; } = 5;

    /// <summary>Number of trees, 1 … 1024. Default 8.</summary>
    public int NumberOfTrees { get; init; } = 8;

    /// <summary>Number of trees that vote on each patch, 1 … <see cref="NumberOfTrees"/>. Default 4.</summary>
    public int NumberOfTreesToEvaluate { get; init; } = 4;

    /// <summary>Number of feature channels: 3 for color, and gradient magnitude and histogram at 2 scales.</summary>
    internal int Channels => (2 * (NumberOfGradientOrientations + 1)) + 3;

    /// <summary>Side of a patch in the feature channels.</summary>
    internal int FeatureSide => PatchSize / ShrinkNumber;

    /// <summary>Number of features that are a single pixel of a channel.</summary>
    internal int RegularFeatures => FeatureSide * FeatureSide * Channels;

    /// <summary>Number of pairs of grid cells.</summary>
    internal int CellPairs => SelfsimilarityGridSize * SelfsimilarityGridSize * ((SelfsimilarityGridSize * SelfsimilarityGridSize) - 1) / 2;

    /// <summary>Total number of features of a patch.</summary>
    internal int Features => RegularFeatures + (CellPairs * Channels);

    /// <summary>Number of pixels by which patches extend beyond the image.</summary>
    internal int Padding => (PatchSize - PatchInnerSize) / 2;

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    internal void Validate()
    {
        OptionValue.Require(Stride is >= 1 and <= 64, this, Stride, "1 to 64");
        OptionValue.Require(ShrinkNumber is >= 1 and <= 8, this, ShrinkNumber, "1 to 8");
        OptionValue.Require(PatchSize is >= 2 and <= 128 && PatchSize % ShrinkNumber == 0, this, PatchSize, "a multiple of ShrinkNumber, 2 to 128");
        OptionValue.Require(PatchInnerSize >= 1 && PatchInnerSize <= PatchSize && (PatchSize - PatchInnerSize) % 2 == 0, this, PatchInnerSize, "1 to PatchSize, less by an even number");
        OptionValue.Require(NumberOfGradientOrientations is >= 1 and <= 32, this, NumberOfGradientOrientations, "1 to 32");
        OptionValue.Require(GradientSmoothingRadius is >= 0 and <= 64, this, GradientSmoothingRadius, "0 to 64");
        OptionValue.Require(RegFeatureSmoothingRadius is >= 0 and <= 64, this, RegFeatureSmoothingRadius, "0 to 64");
        OptionValue.Require(SsFeatureSmoothingRadius is >= 0 and <= 64, this, SsFeatureSmoothingRadius, "0 to 64");
        OptionValue.Require(GradientNormalizationRadius is >= 0 and <= 64, this, GradientNormalizationRadius, "0 to 64");
        OptionValue.Require(SelfsimilarityGridSize >= 2 && SelfsimilarityGridSize <= Math.Min(16, FeatureSide), this, SelfsimilarityGridSize, "2 to 16, no more than the feature pixels of a patch's side");
        OptionValue.Require(NumberOfTrees is >= 1 and <= 1024, this, NumberOfTrees, "1 to 1024");
        OptionValue.Require(NumberOfTreesToEvaluate >= 1 && NumberOfTreesToEvaluate <= NumberOfTrees, this, NumberOfTreesToEvaluate, "1 to NumberOfTrees");
    }
}
