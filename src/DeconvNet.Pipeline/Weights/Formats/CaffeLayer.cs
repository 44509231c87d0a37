using DeconvNet.Architecture;

namespace DeconvNet.Weights.Formats;

/// <summary>A layer of a caffemodel. Immutable.</summary>
/// <param name="Name">Its name; names may repeat in a file.</param>
/// <param name="Type">Its type in the words of Caffe (<c>Convolution</c>, <c>BN</c>), or <c>type 12</c> where the number has no name here.</param>
/// <param name="Blobs">Its weights in the file's order, often none.</param>
internal sealed record CaffeLayer(string Name, string Type, IReadOnlyList<CaffeBlob> Blobs)
{
    /// <summary>What a <c>BatchNorm</c> of later Caffe adds to variances; <see langword="null"/> where the file leaves it at Caffe's 1e-5.</summary>
    public float? BatchNormEpsilon { get; init; }

    /// <summary>Names of the type numbers of old files; 42 and 43 are those of the DeconvNet authors' fork.</summary>
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

/// <summary>Place and shape of one array of weights in a caffemodel. Immutable.</summary>
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

    /// <summary>Its sides, row-major: four in old files, any number in new ones.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Number of values.</summary>
    public long Count { get; }

    /// <summary>Whether the file holds 64-bit values.</summary>
    public bool IsDouble { get; }

    public long Begin { get; }

    public long End { get; }
}
