namespace DeconvNet.OnnxRuntime.Graphs;

/// <summary>The shape of a kernel, and which of its sides counts the output channels.</summary>
internal readonly record struct KernelShape(long[] Sides, int Axis)
{
    public int Channels => (int)Sides[Axis];

    /// <summary>How many values of one output channel stand together.</summary>
    public int Run => (int)Sides.Skip(Axis + 1).Aggregate(1L, (product, side) => product * side);
}
