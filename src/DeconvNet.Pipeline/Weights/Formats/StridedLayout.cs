namespace DeconvNet.Weights.Formats;

/// <summary>Memory layout of an array: its shape, and the stride of each dimension in values.</summary>
internal sealed class StridedLayout
{
    public StridedLayout(IReadOnlyList<long> shape, IReadOnlyList<long> strides)
    {
        Shape = shape;
        Strides = strides;
    }

    public IReadOnlyList<long> Shape { get; }

    public IReadOnlyList<long> Strides { get; }

    /// <summary>C order: the last dimension is contiguous.</summary>
    public static StridedLayout RowMajor(IReadOnlyList<long> shape) => new(shape, RowMajorStrides(shape));

    /// <summary>Fortran order: the first dimension is contiguous.</summary>
    public static StridedLayout ColumnMajor(IReadOnlyList<long> shape)
    {
        long[] strides = [.. RowMajorStrides([.. shape.Reverse()])];
        return new(shape, [.. strides.Reverse()]);
    }

    /// <summary>Whether the layout equals <see cref="RowMajor"/>, ignoring dimensions of size 1.</summary>
    public bool IsRowMajor => Shape.Contains(0) || Strides.Zip(RowMajorStrides(Shape), Shape).All(axis => axis.Third == 1 || axis.First == axis.Second);

    /// <summary>Index of the last value; -1 if there is none, <see langword="null"/> if it exceeds 63 bits or a stride is negative.</summary>
    public long? Last
    {
        get
        {
            if (Shape.Contains(0))
                return -1;
            var last = Int128.Zero;
            foreach (var (side, stride) in Shape.Zip(Strides))
            {
                if (stride < 0)
                    return null;
                last += (Int128)(side - 1) * stride;
                if (last > long.MaxValue)
                    return null;
            }

            return (long)last;
        }
    }

    /// <summary>Permutes the dimensions: dimension i of the result is dimension <c>order[i]</c> of this layout.</summary>
    public StridedLayout Permute(params ReadOnlySpan<int> order)
    {
        var (shape, strides) = (new long[order.Length], new long[order.Length]);
        for (var i = 0; i < order.Length; i++)
            (shape[i], strides[i]) = (Shape[order[i]], Strides[order[i]]);
        return new(shape, strides);
    }

    /// <summary>Copies the values to row-major order.</summary>
    public void Gather(ReadOnlySpan<float> source, Span<float> target)
    {
        if (target.Length == 0)
            return;

        // The source is read along its contiguous dimension: writes are far apart, but soon hit neighboring addresses that are still in the cache.
        var inner = Enumerable.Range(0, Shape.Count).Where(axis => Shape[axis] > 1).DefaultIfEmpty(-1).MinBy(axis => axis < 0 ? 0 : Strides[axis]);
        var targetStrides = RowMajorStrides(Shape);
        var (count, step, targetStep) = inner < 0 ? (1, 0, 0) : ((int)Shape[inner], (int)Strides[inner], (int)targetStrides[inner]);
        int[] outer = [.. Enumerable.Range(0, Shape.Count).Where(axis => axis != inner)];
        var index = new long[Shape.Count];
        var (from, to) = (0L, 0L);
        for (var rows = target.Length / count; rows > 0; rows--)
        {
            for (var i = 0; i < count; i++)
                target[(int)to + (i * targetStep)] = source[(int)from + (i * step)];
            for (var at = outer.Length - 1; at >= 0; at--)
            {
                var axis = outer[at];
                from += Strides[axis];
                to += targetStrides[axis];
                if (++index[axis] < Shape[axis])
                    break;
                from -= Strides[axis] * Shape[axis];
                to -= targetStrides[axis] * Shape[axis];
                index[axis] = 0;
            }
        }
    }

    private static long[] RowMajorStrides(IReadOnlyList<long> shape)
    {
        var strides = new long[shape.Count];
        var stride = 1L;
        for (var axis = shape.Count - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride = unchecked(stride * shape[axis]);
        }

        return strides;
    }
}
