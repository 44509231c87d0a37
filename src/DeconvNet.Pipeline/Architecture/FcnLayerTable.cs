namespace DeconvNet.Architecture;

/// <summary>
/// FCN as data (Long, Shelhamer, Darrell 2015; names from the published prototxts): VGG-16's convolutions, fc6 and fc7 as convolutions, and for each
/// map that is scored a score layer and an upsampling layer.
/// </summary>
internal static class FcnLayerTable
{
    /// <summary>Input side for which the rows state sizes and costs; the authors' demo pads photos to it.</summary>
    public const int NominalInputSize = 500;

    /// <summary>Number of layers with a configurable width: the convolutions of the encoder, fc6 and fc7.</summary>
    public static int ChannelCount { get; } = LayerTable.ConvolutionsPerBlock.Sum() + 2;

    /// <summary>Builds the rows.</summary>
    /// <param name="options">The network, already validated.</param>
    /// <param name="inputSize">Side of the square input that <see cref="LayerSpec.OutputSize"/> is for.</param>
    public static IReadOnlyList<LayerSpec> Create(FcnOptions options, int inputSize = NominalInputSize)
    {
        var rows = new List<LayerSpec>();
        var pooled = new Dictionary<string, (int Channels, int Size)>();
        var names = LayerNames.For(LayerNaming.Authors);
        var (channels, size, layer) = (3, inputSize, 0);
        for (var block = 1; block <= LayerTable.ConvolutionsPerBlock.Count; block++)
        {
            for (var i = 1; i <= LayerTable.ConvolutionsPerBlock[block - 1]; i++)
                AddConvolution(names.Convolution(block, i), options.Width * LayerTable.WidthOfBlock[block - 1], 3, rows.Count == 0 ? options.InputPadding : 1);

            // Caffe's pooling keeps the last row and column of an odd side.
            size = (size + 1) / 2;
            rows.Add(new() { Name = LayerNames.Pooling(block), Kind = LayerKind.Pooling, InChannels = channels, OutChannels = channels, Kernel = 2, OutputSize = size });
            pooled.Add(LayerNames.Pooling(block), (channels, size));
        }

        AddConvolution(LayerNames.Fc6, options.FcChannels, options.Fc6Kernel, options.Fc6Padding);
        AddConvolution(LayerNames.Fc7, options.FcChannels, 1, 0);
        AddScore("score_fr", channels, size);
        var grid = FcnGrid.OfFc7(options);
        foreach (var skip in FcnSkip.Of(options.Stride))
        {
            AddUpsampling(skip.Upsampling, 2);
            AddScore(skip.Score, pooled[skip.Pooling].Channels, pooled[skip.Pooling].Size);
            var (first, finerFirst) = grid.Enlarged(2).FirstCommon(FcnGrid.OfPooling(options, skip.Stride));
            grid = grid.Enlarged(2).From(first);
            size = Math.Min(size - first, pooled[skip.Pooling].Size - finerFirst);
        }

        AddUpsampling(FcnSkip.LastUpsampling(options.Stride), (int)options.Stride);
        return rows;

        void AddConvolution(string name, int regularWidth, int kernel, int padding)
        {
            var width = options.Channels is { } chosen ? chosen[layer++] : regularWidth;
            size = size + (2 * padding) - kernel + 1;
            rows.Add(new()
            {
                Name = name,
                Kind = LayerKind.Convolution,
                InChannels = channels,
                OutChannels = width,
                Kernel = kernel,
                Padding = padding,
                OutputSize = size,
                HasBias = options.ConvBias,
                BatchNorm = options.BatchNorm ? names.BatchNorm(name) : null,
            });
            channels = width;
        }

        void AddScore(string name, int inChannels, int side) =>
            rows.Add(new() { Name = name, Kind = LayerKind.Score, InChannels = inChannels, OutChannels = options.ClassCount, Kernel = 1, OutputSize = side, HasBias = true });

        void AddUpsampling(string name, int factor)
        {
            size = (size + 1) * factor;
            rows.Add(new()
            {
                Name = name,
                Kind = LayerKind.Upsampling,
                InChannels = options.ClassCount,
                OutChannels = options.ClassCount,
                Kernel = 2 * factor,
                Stride = factor,
                OutputSize = size,
            });
        }
    }
}
