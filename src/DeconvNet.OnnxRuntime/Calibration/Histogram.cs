namespace DeconvNet.OnnxRuntime.Calibration;

/// <summary>
/// Histogram of positive values with bins of equal width, which doubles whenever a value exceeds the range, so that the maximum need not be known in advance.
/// </summary>
internal sealed class Histogram
{
    private const int BinCount = 4096;

    private readonly long[] bins = new long[BinCount];

    // A power of two, so that doubling is exact.
    private float width = MathF.ScaleB(1, -20);

    /// <summary>The largest value; 0 if there is none.</summary>
    public float Largest { get; private set; }

    public float Width => width;

    /// <summary>The counts, up to the bin of the largest value.</summary>
    public ReadOnlySpan<long> Bins => Largest > 0 ? bins.AsSpan(0, Math.Min(BinCount, (int)(Largest / width) + 1)) : [];

    /// <summary>Counts the values above zero.</summary>
    /// <exception cref="ArgumentException">A value is infinite or NaN.</exception>
    public void Add(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (value <= 0)
                continue;
            if (!float.IsFinite(value))
                throw new ArgumentException(FormattableString.Invariant($"A value is {value}."), nameof(values));
            while (value >= width * BinCount)
                Widen();
            bins[(int)(value / width)]++;
            Largest = Math.Max(Largest, value);
        }
    }

    private void Widen()
    {
        for (var i = 0; i < BinCount / 2; i++)
            bins[i] = bins[2 * i] + bins[(2 * i) + 1];
        bins.AsSpan(BinCount / 2).Clear();
        width *= 2;
    }
}
