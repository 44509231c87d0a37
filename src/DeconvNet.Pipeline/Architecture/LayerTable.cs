namespace DeconvNet.Architecture;

/// <summary>
/// The network as data: VGG-16's convolutions, two fully connected layers, and their mirror image (as in the paper; names from the authors' files).
/// </summary>
internal static class LayerTable
{
    /// <summary>Convolutions in each of VGG-16's blocks.</summary>
    public static IReadOnlyList<int> ConvolutionsPerBlock { get; } = [2, 2, 3, 3, 3];

    /// <summary>Width of each block as a multiple of the first block's.</summary>
    public static IReadOnlyList<int> WidthOfBlock { get; } = [1, 2, 4, 8, 8];

    /// <summary>Number of layers with a configurable width: all convolutions and deconvolutions except the last, whose width is the class count.</summary>
    public static int ChannelCount { get; } = (2 * ConvolutionsPerBlock.Sum()) + 3;

    /// <summary>Builds the rows.</summary>
    /// <param name="options">The network, already validated.</param>
    public static IReadOnlyList<LayerSpec> Create(DeconvNetOptions options)
    {
        var rows = new List<LayerSpec>();
        var names = LayerNames.For(options.Naming);
        var (channels, size, layer) = (3, options.InputSize, 0);
        var pooled = new int[ConvolutionsPerBlock.Count + 1];

        for (var block = 1; block <= ConvolutionsPerBlock.Count; block++)
        {
            for (var i = 1; i <= ConvolutionsPerBlock[block - 1]; i++)
                AddConvolution(names.Convolution(block, i), options.Width * WidthOfBlock[block - 1], kernel: 3, padding: 1);
            size /= 2;
            pooled[block] = channels;
            AddResizing(LayerNames.Pooling(block), LayerKind.Pooling, switches: null);
        }

        var bottom = size;
        AddConvolution(LayerNames.Fc6, options.FcChannels, kernel: bottom, padding: 0);
        AddConvolution(LayerNames.Fc7, options.FcChannels, kernel: 1, padding: 0);
        AddDeconvolution(names.Fc6Deconvolution, pooled[^1], kernel: bottom, padding: 0);

        for (var block = ConvolutionsPerBlock.Count; block >= 1; block--)
        {
            size *= 2;
            AddResizing(LayerNames.Unpooling(block), LayerKind.Unpooling, LayerNames.Pooling(block));
            var count = ConvolutionsPerBlock[block - 1];
            for (var i = 1; i <= count; i++)
            {
                // The last layer of a block has the channels of the next lower block, whose switches come next.
                var width = WidthOfBlock[i == count && block > 1 ? block - 2 : block - 1];
                AddDeconvolution(names.Deconvolution(block, i), options.Width * width, kernel: 3, padding: 1);
            }
        }

        rows.Add(new() { Name = names.Score, Kind = LayerKind.Score, InChannels = channels, OutChannels = options.ClassCount, Kernel = 1, OutputSize = size, HasBias = true });
        return rows;

        void AddResizing(string name, LayerKind kind, string? switches) =>
            rows.Add(new() { Name = name, Kind = kind, InChannels = channels, OutChannels = channels, Kernel = 2, OutputSize = size, Switches = switches });

        void AddConvolution(string name, int width, int kernel, int padding)
        {
            size = size + (2 * padding) - kernel + 1;
            Add(name, LayerKind.Convolution, width, kernel, padding);
        }

        void AddDeconvolution(string name, int width, int kernel, int padding)
        {
            size = size - (2 * padding) + kernel - 1;
            Add(name, LayerKind.Deconvolution, width, kernel, padding);
        }

        void Add(string name, LayerKind kind, int regularWidth, int kernel, int padding)
        {
            var width = options.Channels is { } chosen ? chosen[layer++] : regularWidth;
            rows.Add(new()
            {
                Name = name,
                Kind = kind,
                InChannels = channels,
                OutChannels = width,
                Kernel = kernel,
                Padding = padding,
                OutputSize = size,
                HasBias = options.ConvBias,
                BatchNorm = names.BatchNorm(name),
            });
            channels = width;
        }
    }

    /// <summary>The channels of rows, in the form of <see cref="DeconvNetOptions.Channels"/> and <see cref="FcnOptions.Channels"/>.</summary>
    public static LayerChannels ChannelsOf(IEnumerable<LayerSpec> rows) =>
        [.. rows.Where(row => row.Kind is LayerKind.Convolution or LayerKind.Deconvolution).Select(row => row.OutChannels)];

    /// <summary>Whether each unpooling has as many channels as the pooling whose switches it uses.</summary>
    public static bool FitSwitches(IReadOnlyList<LayerSpec> rows)
    {
        var pooled = rows.Where(row => row.Kind == LayerKind.Pooling).ToDictionary(row => row.Name, row => row.OutChannels);
        return rows.Where(row => row.Kind == LayerKind.Unpooling).All(row => row.InChannels == pooled[row.Switches!]);
    }
}
