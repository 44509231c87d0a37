using System.Globalization;
using DeconvNet.Architecture;
using static DeconvNet.Tests.Weights.CaffemodelBytes;

namespace DeconvNet.Tests.Weights;

/// <summary>One VGG-16 of any width, in the forms of the VGG group's Caffe and of Keras.</summary>
internal static class VggBytes
{
    /// <summary>The kernel of a layer, <c>[out, in, k, k]</c>.</summary>
    public static float[] Kernel(LayerSpec row) => [.. Enumerable.Range(0, row.OutChannels * row.InChannels * row.Kernel * row.Kernel).Select(i => (i + row.Name.Length) % 97 / 64f)];

    public static float[] Bias(LayerSpec row) => [.. Enumerable.Range(0, row.OutChannels).Select(i => i / 8f)];

    /// <summary>The form of VGG_ILSVRC_16_layers.caffemodel: old layers, fully connected ones as <c>[1, 1, out, in]</c>.</summary>
    public static byte[] Caffemodel(IReadOnlyList<LayerSpec> layers) =>
    [
        .. Text(1, "VGG_ILSVRC_16_layers"),
        .. layers.Where(row => row.Kind == LayerKind.Convolution).SelectMany(row =>
        {
            var (inputs, side) = ((ulong)row.InChannels, (ulong)row.Kernel);
            var isFull = row.Name.StartsWith("fc", StringComparison.Ordinal);
            var shape = isFull ? Shape(1, 1, (ulong)row.OutChannels, inputs * side * side) : Shape((ulong)row.OutChannels, inputs, side, side);
            return Bytes(2, Text(4, row.Name), Number(5, isFull ? 14UL : 4UL), Bytes(6, shape, Floats(5, Kernel(row))), Bytes(6, Shape(1, 1, 1, (ulong)row.OutChannels), Floats(5, Bias(row))));
        }),
        .. Bytes(2, Text(4, "fc8"), Number(5, 14), Bytes(6, Shape(1, 1, 1, 1), Floats(5, 1))),
    ];

    /// <summary>The form of Keras' application, stored array by array: kernels <c>[k, k, in, out]</c>, matrices <c>[k · k · in, out]</c>.</summary>
    public static byte[] KerasArchive(IReadOnlyList<LayerSpec> layers)
    {
        var entries = new List<(string, byte[])>();
        foreach (var row in layers.Where(row => row.Kind == LayerKind.Convolution))
        {
            var (kernel, turned) = (Kernel(row), Kernel(row));
            var (inputs, area) = (row.InChannels, row.Kernel * row.Kernel);
            for (var i = 0; i < kernel.Length; i++)
                turned[(((i % area * inputs) + (i / area % inputs)) * row.OutChannels) + (i / area / inputs)] = kernel[i];
            var isFull = row.Name.StartsWith("fc", StringComparison.Ordinal);
            var name = isFull ? $"fc{int.Parse(row.Name[2..], CultureInfo.InvariantCulture) - 5}" : $"block{row.Name[4]}_conv{row.Name[6]}";
            var shape = isFull ? $"{area * inputs}, {row.OutChannels}" : $"{row.Kernel}, {row.Kernel}, {inputs}, {row.OutChannels}";
            entries.Add(($"{name}/{name}_W_1:0.npy", Array(shape, turned)));
            entries.Add(($"{name}/{name}_b_1:0.npy", Array($"{row.OutChannels},", Bias(row))));
        }

        return ZipBytes.Stored([.. entries]);
    }

    private static byte[] Array(string shape, float[] values) =>
        [.. NumpyFileTests.Npy($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({shape}), }}", 0), .. values.SelectMany(BitConverter.GetBytes)];

    private static byte[] Shape(ulong num, ulong channels, ulong height, ulong width) => [.. Number(1, num), .. Number(2, channels), .. Number(3, height), .. Number(4, width)];
}
