namespace DeconvNet.Weights.Formats;

internal static class StoredName
{
    private const int MaxLength = 200;

    /// <summary>A name from a file made safe for messages: shortened, and without control characters.</summary>
    public static string Show(string name) => name.Length <= MaxLength && !name.Any(char.IsControl) ? name : Cut(name);

    private static string Cut(string name) => string.Concat(name.Take(MaxLength).Select(c => char.IsControl(c) ? '?' : c)) + (name.Length > MaxLength ? "…" : "");
}
