namespace DeconvNet.Proposals.Edges;

/// <summary>
/// A float for each pixel, row-major <c>[H, W]</c>: edge strength, or edge orientation in radians.
/// Immutable by convention and thread-safe.
/// </summary>
public sealed class EdgeMap
{
    private readonly float[] values;
    private readonly ScratchArray<float>? scratch;

    /// <summary>Wraps <paramref name="values"/>; the array is not copied.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="values">Row-major values, <c>width · height</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    /// <exception cref="ArgumentException">The array has the wrong length.</exception>
    public EdgeMap(int width, int height, float[] values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(values);
        if (values.LongLength != (long)width * height)
            throw new ArgumentException($"An edge map of {width}×{height} needs {(long)width * height} values, not {values.LongLength}.", nameof(values));

        Width = width;
        Height = height;
        this.values = values;
    }

    /// <summary>Wraps working memory; <see cref="Release"/> gives it back.</summary>
    internal EdgeMap(ScratchArray<float> scratch, int width, int height)
    {
        (Width, Height) = (width, height);
        this.scratch = scratch;
        values = scratch.Array;
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Row-major values, <c>Width · Height</c>.</summary>
    public ReadOnlySpan<float> Values => values.AsSpan(0, Width * Height);

    /// <summary>The value at column <paramref name="x"/>, row <paramref name="y"/>.</summary>
    public float this[int x, int y] => values[checked((y * Width) + x)];

    /// <summary>Throws if a value is NaN or outside <paramref name="min"/> … <paramref name="max"/>.</summary>
    internal void RequireWithin(float min, float max, string name)
    {
        for (var i = 0; i < Values.Length; i++)
        {
            if (!(values[i] >= min && values[i] <= max))
                throw new ArgumentException(FormattableString.Invariant($"The value at column {i % Width}, row {i / Width} is {values[i]}; expected {min} to {max}."), name);
        }
    }

    /// <summary>Throws if a value is NaN or infinite.</summary>
    internal void RequireFinite(string name) => RequireWithin(float.MinValue, float.MaxValue, name);

    /// <summary>Throws if the sizes differ.</summary>
    internal void RequireSizeOf(EdgeMap other, string name)
    {
        if (Width != other.Width || Height != other.Height)
            throw new ArgumentException($"The map is {Width}×{Height}, the edge map {other.Width}×{other.Height}: the sizes must be equal.", name);
    }

    /// <summary>Gives working memory back, after which the map must not be used; a map of an application's array stays as it is.</summary>
    internal void Release() => scratch?.Dispose();

    /// <summary>The values column by column: <c>x · Height + y</c>.</summary>
    internal ScratchArray<float> ToColumns()
    {
        const int tile = 16;
        var scratch = new ScratchArray<float>(Width * Height);
        var columns = scratch.Array;
        for (var y0 = 0; y0 < Height; y0 += tile)
        {
            var y1 = Math.Min(Height, y0 + tile);
            for (var x = 0; x < Width; x++)
            {
                for (var y = y0; y < y1; y++)
                    columns[(x * Height) + y] = values[(y * Width) + x];
            }
        }

        return scratch;
    }
}
