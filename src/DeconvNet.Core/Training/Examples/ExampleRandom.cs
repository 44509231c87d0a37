namespace DeconvNet.Training.Examples;

/// <summary>
/// Random numbers of an example (SplitMix64), which depend only on seed, stage and position in the sequence,
/// so that any example can be recreated at any time, on any thread, and resuming needs no generator state.
/// </summary>
internal struct ExampleRandom
{
    private ulong state;

    public ExampleRandom(int seed, int stage, long position)
    {
        state = unchecked((ulong)seed * 0x9E3779B97F4A7C15UL);
        state = Next() ^ unchecked((ulong)stage * 0xD1B54A32D192ED03UL);
        state = Next() ^ (ulong)position;
        Next();
    }

    public ulong Next()
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15UL;
            var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0 … <paramref name="count"/> − 1.</summary>
    public int NextInt(int count) => (int)(NextDouble() * count);
}
