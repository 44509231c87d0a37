namespace DeconvNet.Imaging.Resampling;

/// <summary>The two samples around a position on a line of samples, for linear interpolation. At the ends both are the last sample.</summary>
/// <param name="Low">The sample before the position.</param>
/// <param name="High">The sample after it.</param>
/// <param name="Weight">Weight of <paramref name="High"/>, 0 … 1; <paramref name="Low"/> has the rest.</param>
internal readonly record struct LinearTap(int Low, int High, float Weight)
{
    /// <summary>The tap of a position counted in samples from 0; beyond the ends it is moved to them.</summary>
    public static LinearTap At(double position, int count)
    {
        var inside = Math.Clamp(position, 0, count - 1);
        var low = (int)inside;
        return new LinearTap(low, Math.Min(low + 1, count - 1), (float)(inside - low));
    }

    /// <summary>The tap among <paramref name="count"/> pixels of a position on a line that is <paramref name="length"/> long. Centers of pixels are at integers + 0.5.</summary>
    public static LinearTap OnLine(double position, int length, int count) => At((position * count / length) - 0.5, count);
}
