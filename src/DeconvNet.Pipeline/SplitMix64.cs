namespace DeconvNet;

/// <summary>The output function of the generator SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), also as a hash.</summary>
internal static class SplitMix64
{
    /// <summary>The step from one state to the next.</summary>
    public const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>The output of a state.</summary>
    public static ulong Mix(ulong state)
    {
        unchecked
        {
            var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>An output as a fraction, uniform in [0, 1).</summary>
    public static double Fraction(ulong output) => (output >> 11) * (1.0 / (1UL << 53));
}
