namespace DeconvNet.Documentation.Tests;

/// <summary>The repository's Markdown pages.</summary>
internal static class Documents
{
    /// <summary>The repository's folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>README.md and the pages below docs, by their paths in the repository, with slashes.</summary>
    public static IEnumerable<string> Pages { get; } =
        ["README.md", .. Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.StartsWith("docs/api/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    public static string[] Lines(string page) => File.ReadAllLines(Path.Combine(Root, page));

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "DeconvNet.Core.sln")))
                return folder;
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds DeconvNet.Core.sln.");
    }
}
