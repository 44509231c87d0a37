namespace DeconvNet.Imaging.Resampling;

/// <summary>
/// The input positions that each output position of one dimension reads, and their weights, which sum to 1:
/// the triangle kernel of MATLAB's <c>imresize(…, 'bilinear')</c>, widened for antialiased shrinking.
/// </summary>
/// <param name="Count">Number of taps per output position.</param>
/// <param name="First">First input position of each output position.</param>
/// <param name="Weights"><c>First.Length · Count</c> weights.</param>
internal sealed record ResampleTaps(int Count, int[] First, float[] Weights)
{
    /// <summary>Smaller weights are rounding noise and get no tap.</summary>
    private const double Tiny = 1e-9;

    /// <summary>The weights of one output position.</summary>
    public ReadOnlySpan<float> Of(int position) => Weights.AsSpan(position * Count, Count);

    public static ResampleTaps Create(int source, int target, bool antialias)
    {
        var scale = (double)target / source;
        var narrow = antialias && scale < 1 ? scale : 1;
        var reach = 1 / narrow;
        var count = (int)Math.Min(source, Math.Ceiling(2 * reach));
        var first = new int[target];
        var weights = new float[checked(target * count)];
        var exact = new double[count];
        for (var i = 0; i < target; i++)
        {
            // Centers of pixels are at integers + 0.5 in both grids.
            var center = ((i + 0.5) / scale) - 0.5;
            var low = (int)Math.Floor(center - reach + Tiny) + 1;
            first[i] = Math.Clamp(low, 0, source - count);
            Array.Clear(exact);
            var sum = 0.0;
            for (var at = low; at < center + reach - Tiny; at++)
            {
                // The image is reflected at the border, so weights outside are added to positions inside.
                var weight = 1 - (narrow * Math.Abs(center - at));
                exact[Border.Reflect(at, source) - first[i]] += weight;
                sum += weight;
            }

            for (var tap = 0; tap < count; tap++)
                weights[(i * count) + tap] = (float)(exact[tap] / sum);
        }

        return new ResampleTaps(count, first, weights);
    }
}
