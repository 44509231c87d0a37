namespace DeconvNet.Architecture;

/// <summary>
/// The network as data: VGG-16's convolutions, two fully connected layers, and their mirror (as in the paper; names of the authors' files).
/// </summary>
internal static class LayerTable
{
    /// <summary>Convolutions in each of VGG-16's blocks.</summary>
    public static IReadOnlyList<int> ConvolutionsPerBlock { get; } = [2, 2, 3, 3, 3];

    /// <summary>Channels of each block in multiples of the first one's.</summary>
    public static IReadOnlyList<int> WidthOfBlock { get; } = [1, 2, 4, 8, 8];

    public static IReadOnlyList<LayerSpec> Create(DeconvNetOptions options)
    {
        var rows = new List<LayerSpec>();
        var names = LayerNames.For(options.Naming);
        var (channels, size) = (3, options.InputSize);

        for (var block = 1; block <= 5; block++)
        {
            for (var i = 1; i <= ConvolutionsPerBlock[block - 1]; i++)
                AddConvolution(names.Convolution(block, i), options.Width * WidthOfBlock[block - 1], kernel: 3, padding: 1);
            size /= 2;
            rows.Add(new LayerSpec(LayerNames.Pooling(block), LayerKind.Pooling, channels, channels, 2, 0, size));
        }

        var (encoded, bottom) = (channels, size);
        AddConvolution(LayerNames.Fc6, options.FcChannels, kernel: bottom, padding: 0);
        AddConvolution(LayerNames.Fc7, options.FcChannels, kernel: 1, padding: 0);
        AddDeconvolution(names.Fc6Deconvolution, encoded, kernel: bottom, padding: 0);

        for (var block = 5; block >= 1; block--)
        {
            size *= 2;
            rows.Add(new LayerSpec(LayerNames.Unpooling(block), LayerKind.Unpooling, channels, channels, 2, 0, size, Switches: LayerNames.Pooling(block)));
            var count = ConvolutionsPerBlock[block - 1];
            for (var i = 1; i <= count; i++)
            {
                // The last layer of a block has the channels of the block below, whose switches come next.
                var width = WidthOfBlock[i == count && block > 1 ? block - 2 : block - 1];
                AddDeconvolution(names.Deconvolution(block, i), options.Width * width, kernel: 3, padding: 1);
            }
        }

        rows.Add(new LayerSpec(names.Score, LayerKind.Score, channels, options.ClassCount, 1, 0, size, HasBias: true));
        return rows;

        void AddConvolution(string name, int width, int kernel, int padding)
        {
            size = size + (2 * padding) - kernel + 1;
            rows.Add(new LayerSpec(name, LayerKind.Convolution, channels, width, kernel, padding, size, names.BatchNorm(name), HasBias: options.ConvBias));
            channels = width;
        }

        void AddDeconvolution(string name, int width, int kernel, int padding)
        {
            size = size - (2 * padding) + kernel - 1;
            rows.Add(new LayerSpec(name, LayerKind.Deconvolution, channels, width, kernel, padding, size, names.BatchNorm(name), HasBias: options.ConvBias));
            channels = width;
        }
    }
}
