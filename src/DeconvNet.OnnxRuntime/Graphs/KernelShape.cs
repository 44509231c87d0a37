namespace DeconvNet.OnnxRuntime.Graphs;

/// <summary>The shape of a kernel, and the axis of its output channels.</summary>
internal readonly record struct KernelShape(long[] Sides, int Axis)
{
    public int Channels => (int)Sides[Axis];

    /// <summary>Number of consecutive values of an output channel.</summary>
    public int Run => (int)Sides.Skip(Axis + 1).Aggregate(1L, (product, side) => product * side);
}
