namespace DeconvNet.Architecture;

/// <summary>
/// FCN as data (Long, Shelhamer, Darrell 2015; names of the published prototxts): VGG-16's convolutions, fc6 and fc7 as convolutions, and for each
/// of its maps a layer of class scores and one that enlarges them.
/// </summary>
internal static class FcnLayerTable
{
    /// <summary>Side of the input for which the rows give sizes and costs: the authors' demonstration pads photos to it.</summary>
    public const int NominalInputSize = 500;

    /// <param name="options">The network, checked.</param>
    /// <param name="inputSize">Side of the square input that <see cref="LayerSpec.OutputSize"/> is for.</param>
    public static IReadOnlyList<LayerSpec> Create(FcnOptions options, int inputSize = NominalInputSize)
    {
        var rows = new List<LayerSpec>();
        var pooled = new Dictionary<string, (int Channels, int Size)>();
        var names = LayerNames.For(LayerNaming.Authors);
        var (channels, size) = (3, inputSize);
        for (var block = 1; block <= LayerTable.ConvolutionsPerBlock.Count; block++)
        {
            for (var i = 1; i <= LayerTable.ConvolutionsPerBlock[block - 1]; i++)
                AddConvolution(names.Convolution(block, i), options.Width * LayerTable.WidthOfBlock[block - 1], 3, rows.Count == 0 ? options.InputPadding : 1);

            // Caffe's pooling takes the pixel that is left over along.
            size = (size + 1) / 2;
            rows.Add(new LayerSpec(LayerNames.Pooling(block), LayerKind.Pooling, channels, channels, 2, 0, size));
            pooled.Add(LayerNames.Pooling(block), (channels, size));
        }

        AddConvolution(LayerNames.Fc6, options.FcChannels, options.Fc6Kernel, options.Fc6Padding);
        AddConvolution(LayerNames.Fc7, options.FcChannels, 1, 0);
        AddScore("score_fr");
        var grid = FcnGrid.OfFc7(options);
        foreach (var skip in FcnSkip.Of(options.Stride))
        {
            AddUpsampling(skip.Upsampling, 2);
            rows.Add(new LayerSpec(skip.Score, LayerKind.Score, pooled[skip.Pooling].Channels, options.ClassCount, 1, 0, pooled[skip.Pooling].Size, HasBias: true));
            var (first, finerFirst) = grid.Enlarged(2).FirstCommon(FcnGrid.OfPooling(options, skip.Stride));
            grid = grid.Enlarged(2).From(first);
            size = Math.Min(size - first, pooled[skip.Pooling].Size - finerFirst);
        }

        AddUpsampling(FcnSkip.LastUpsampling(options.Stride), (int)options.Stride);
        return rows;

        void AddConvolution(string name, int width, int kernel, int padding)
        {
            size = size + (2 * padding) - kernel + 1;
            rows.Add(new LayerSpec(name, LayerKind.Convolution, channels, width, kernel, padding, size, options.BatchNorm ? names.BatchNorm(name) : null, HasBias: options.ConvBias));
            channels = width;
        }

        void AddScore(string name) => rows.Add(new LayerSpec(name, LayerKind.Score, channels, options.ClassCount, 1, 0, size, HasBias: true));

        void AddUpsampling(string name, int factor)
        {
            size = (size + 1) * factor;
            rows.Add(new LayerSpec(name, LayerKind.Upsampling, options.ClassCount, options.ClassCount, 2 * factor, 0, size, Stride: factor));
        }
    }
}
