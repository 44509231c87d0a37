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
        state = unchecked((ulong)seed * SplitMix64.Step);
        state = Next() ^ unchecked((ulong)stage * 0xD1B54A32D192ED03UL);
        state = Next() ^ (ulong)position;
        Next();
    }

    public ulong Next()
    {
        state = unchecked(state + SplitMix64.Step);
        return SplitMix64.Mix(state);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => SplitMix64.Fraction(Next());

    /// <summary>Uniform in 0 … <paramref name="count"/> − 1.</summary>
    public int NextInt(int count) => (int)(NextDouble() * count);
}
