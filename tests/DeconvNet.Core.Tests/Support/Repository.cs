namespace DeconvNet.Tests.Support;

/// <summary>The repository that the tests were built in, for checks of its sources and documents.</summary>
internal static class Repository
{
    /// <summary>Its folder; <see langword="null"/> where the tests run elsewhere.</summary>
    public static string? Root { get; } = Find();

    private static string? Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "DeconvNet.Core.sln")))
                return folder;
        }

        return null;
    }
}
