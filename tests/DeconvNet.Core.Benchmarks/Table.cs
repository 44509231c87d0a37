using System.Globalization;

namespace DeconvNet.Benchmarks;

/// <summary>What a row says: times in milliseconds and a last column, whose meaning and format the benchmark gives.</summary>
internal sealed record TableRow(string Name, Spread Milliseconds, double Last);

internal static class Table
{
    public static void Write(string title, string last, string format, IReadOnlyList<TableRow> rows)
    {
        var width = rows.Max(row => row.Name.Length);
        Console.WriteLine($"\n{title}\n  {"".PadRight(width)}  {"median",10}  {"quartiles",21}  {last,8}");
        foreach (var row in rows)
        {
            var (lower, median, upper) = row.Milliseconds;
            Console.WriteLine($"  {row.Name.PadRight(width)}  {median,7:F3} ms  {lower,9:F3} … {upper,9:F3}  {row.Last.ToString(format, CultureInfo.InvariantCulture),8}");
        }
    }
}
