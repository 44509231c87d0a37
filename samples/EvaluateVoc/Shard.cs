using System.Globalization;

namespace EvaluateVoc;

/// <summary>One of several equal parts of an image set, written <c>2/5</c>.</summary>
internal readonly record struct Shard(int Number, int Count)
{
    public static Shard Parse(string text)
    {
        if (text.Split('/') is [var number, var count]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            && i >= 1 && i <= n)
        {
            return new Shard(i, n);
        }

        throw new ArgumentException($"--shard {text} is no part: expected i/n with i from 1 to n, for instance 2/5.");
    }
}
