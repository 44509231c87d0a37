using System.Globalization;

namespace DeconvNet.Architecture;

internal static class WeightShape
{
    private const int MaxShown = 32;

    /// <summary>The number of values of a tensor; <see langword="null"/> if it exceeds 63 bits or a dimension is negative.</summary>
    public static long? Count(IEnumerable<long> shape)
    {
        var product = 1L;
        foreach (var side in shape)
        {
            if (side < 0 || Math.BigMul(product, side, out var low) != 0 || low < 0)
                return null;
            product = low;
        }

        return product;
    }

    public static string Text(IReadOnlyCollection<long> shape) =>
        $"[{string.Join(", ", shape.Take(MaxShown).Select(side => side.ToString(CultureInfo.InvariantCulture)))}{(shape.Count > MaxShown ? ", …" : "")}]";
}
