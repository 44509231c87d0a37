namespace DeconvNet.Crf.Lattice;

/// <summary>
/// The coordinates of a lattice vertex in 128 bits. Each has its own field around the field's middle, so that adding two keys adds all coordinates.
/// </summary>
internal readonly record struct VertexKey(ulong Low, ulong High)
{
    public static VertexKey operator +(VertexKey a, VertexKey b) => new(a.Low + b.Low, a.High + b.High);

    public static VertexKey operator -(VertexKey a, VertexKey b) => new(a.Low - b.Low, a.High - b.High);
}
