namespace DeconvNet.Tests.Support;

/// <summary>
/// The folder of reference data that is not part of the product: the variable DECONVNET_SHARED, or a folder `shared` beside the repository.
/// Tests that need it are skipped with a reason where it is missing.
/// </summary>
internal static class SharedData
{
    private static readonly string? Root = Find();

    public static string Path(params string[] parts)
    {
        Assert.SkipWhen(Root is null, "The shared reference data is not here: set DECONVNET_SHARED to its folder.");
        var path = System.IO.Path.Combine([Root!, .. parts]);
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"The shared reference data has no {System.IO.Path.Combine(parts)}.");
        return path;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("DECONVNET_SHARED") is { Length: > 0 } chosen)
            return chosen;

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "DeconvNet.Core.sln")) && folder.Parent is { } parent)
            {
                var candidate = System.IO.Path.Combine(parent.FullName, "shared");
                return Directory.Exists(candidate) ? candidate : null;
            }
        }

        return null;
    }
}
