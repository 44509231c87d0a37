namespace DeconvNet.Weights.Formats;

internal static class StoredName
{
    private const int MaxLength = 200;

    /// <summary>A name from a file as a message may show it: not without end, and nothing that a terminal would obey.</summary>
    public static string Show(string name) => name.Length <= MaxLength && !name.Any(char.IsControl) ? name : Cut(name);

    private static string Cut(string name) => string.Concat(name.Take(MaxLength).Select(c => char.IsControl(c) ? '?' : c)) + (name.Length > MaxLength ? "…" : "");
}
