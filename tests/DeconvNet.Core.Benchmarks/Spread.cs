namespace DeconvNet.Benchmarks;

/// <summary>Median and quartiles of samples.</summary>
internal readonly record struct Spread(double Lower, double Median, double Upper)
{
    public static Spread Of(IEnumerable<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        return new Spread(At(0.25), At(0.5), At(0.75));

        double At(double share)
        {
            var place = share * (sorted.Length - 1);
            var below = (int)place;
            return double.Lerp(sorted[below], sorted[Math.Min(below + 1, sorted.Length - 1)], place - below);
        }
    }
}
