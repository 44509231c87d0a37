using DeconvNet.Architecture;

namespace DeconvNet.Weights.Formats;

/// <summary>A layer of a caffemodel. Immutable.</summary>
/// <param name="Name">Layer name; names may repeat in a file.</param>
/// <param name="Type">Layer type as in Caffe (<c>Convolution</c>, <c>BN</c>), or <c>type 12</c> for an unknown number.</param>
/// <param name="Blobs">The weights in file order, often none.</param>
internal sealed record CaffeLayer(string Name, string Type, IReadOnlyList<CaffeBlob> Blobs)
{
    /// <summary>Epsilon of a <c>BatchNorm</c> layer of later Caffe versions; <see langword="null"/> if the file leaves it at Caffe's default 1e-5.</summary>
    public float? BatchNormEpsilon { get; init; }

    /// <summary>Names of the type numbers in old files; 42 and 43 are from the DeconvNet authors' fork.</summary>
    public static string TypeName(ulong number) => number switch
    {
        4 => "Convolution",
        5 => "Data",
        6 => "Dropout",
        14 => "InnerProduct",
        17 => "Pooling",
        18 => "ReLU",
        20 => "Softmax",
        21 => "SoftmaxWithLoss",
        25 => "Eltwise",
        39 => "Deconvolution",
        42 => "Unpooling",
        43 => "BN",
        _ => $"type {number}",
    };
}

/// <summary>Position and shape of an array of weights in a caffemodel. Immutable.</summary>
internal sealed class CaffeBlob
{
    public CaffeBlob(IReadOnlyList<long> shape, bool isDouble, long begin, long end)
    {
        Shape = shape;
        Count = WeightShape.Count(shape) ?? 0;
        IsDouble = isDouble;
        Begin = begin;
        End = end;
    }

    /// <summary>Dimensions, row-major: four in old files, any number in new ones.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Number of values.</summary>
    public long Count { get; }

    /// <summary>Whether the file holds 64-bit values.</summary>
    public bool IsDouble { get; }

    public long Begin { get; }

    public long End { get; }
}
