namespace DeconvNet.Proposals.Forest;

/// <summary>The shape of a <see cref="StructuredForest"/>, with the names of OpenCV's files. Lengths are in pixels.</summary>
internal sealed record ForestShape
{
    /// <summary>Distance between neighboring patches, 1 … 64.</summary>
    public required int Stride { get; init; }

    /// <summary>Downsampling factor of the feature channels, 1 … 8.</summary>
    public required int ShrinkNumber { get; init; }

    /// <summary>Side of the patch that features are taken from, a multiple of <see cref="ShrinkNumber"/>, at most 128.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Side of the inner patch in which edges are predicted, 1 … <see cref="PatchSize"/>, smaller by an even number.</summary>
    public required int PatchInnerSize { get; init; }

    /// <summary>Number of orientations of the gradient histogram, 1 … 32.</summary>
    public required int NumberOfGradientOrientations { get; init; }

    /// <summary>Radius of the smoothing before the gradient, 0 … 64.</summary>
    public required int GradientSmoothingRadius { get; init; }

    /// <summary>Smoothing radius of the features that are used directly, 0 … 64.</summary>
    public required int RegFeatureSmoothingRadius { get; init; }

    /// <summary>Smoothing radius of the self-similarity features, 0 … 64.</summary>
    public required int SsFeatureSmoothingRadius { get; init; }

    /// <summary>Radius of the gradient normalization, 0 … 64.</summary>
    public required int GradientNormalizationRadius { get; init; }

    /// <summary>Number of cells along a side of the self-similarity grid, 2 … 16.</summary>
    public required int SelfsimilarityGridSize { get; init; }

    /// <summary>Number of trees, 1 … 1024.</summary>
    public required int NumberOfTrees { get; init; }

    /// <summary>Number of trees that vote on each patch, 1 … <see cref="NumberOfTrees"/>.</summary>
    public required int NumberOfTreesToEvaluate { get; init; }

    /// <summary>Number of feature channels: 3 for color, and gradient magnitude and histogram at 2 scales.</summary>
    public int Channels => (2 * (NumberOfGradientOrientations + 1)) + 3;

    /// <summary>Side of a patch in the feature channels.</summary>
    public int FeatureSide => PatchSize / ShrinkNumber;

    /// <summary>Number of features that are a single pixel of a channel.</summary>
    public int RegularFeatures => FeatureSide * FeatureSide * Channels;

    /// <summary>Number of pairs of grid cells.</summary>
    public int CellPairs => SelfsimilarityGridSize * SelfsimilarityGridSize * ((SelfsimilarityGridSize * SelfsimilarityGridSize) - 1) / 2;

    /// <summary>Total number of features of a patch.</summary>
    public int Features => RegularFeatures + (CellPairs * Channels);

    /// <summary>Number of pixels by which patches extend beyond the image.</summary>
    public int Padding => (PatchSize - PatchInnerSize) / 2;

    public void Validate()
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
