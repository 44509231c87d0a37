namespace DeconvNet.Imaging.Resampling;

/// <summary>The two samples around a position, for linear interpolation along a line. At the end of the line they coincide.</summary>
/// <param name="Low">Index of the sample before the position.</param>
/// <param name="High">Index of the sample after it.</param>
/// <param name="Weight">Weight of <paramref name="High"/>, 0 … 1; <paramref name="Low"/> has the rest.</param>
internal readonly record struct LinearTap(int Low, int High, float Weight)
{
    /// <summary>The tap of a position in samples, counted from 0 and clamped to the line.</summary>
    public static LinearTap At(double position, int count)
    {
        var inside = Math.Clamp(position, 0, count - 1);
        var low = (int)inside;
        return new LinearTap(low, Math.Min(low + 1, count - 1), (float)(inside - low));
    }

    /// <summary>The tap among <paramref name="count"/> pixels of a position on a line of the given length. Pixel centers are at integers + 0.5.</summary>
    public static LinearTap OnLine(double position, int length, int count) => At((position * count / length) - 0.5, count);
}
