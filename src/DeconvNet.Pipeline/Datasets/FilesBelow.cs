namespace DeconvNet.Datasets;

/// <summary>The files in a folder and all folders below it. Links to folders are followed, but not to a folder that is being gone through, which would have no end.</summary>
internal static class FilesBelow
{
    public static IEnumerable<string> Of(string folder)
    {
        var start = new DirectoryInfo(folder);
        return Of(start, [Real(start, null)]);
    }

    private static IEnumerable<string> Of(DirectoryInfo folder, string[] around)
    {
        foreach (var file in folder.EnumerateFiles())
            yield return Path.Combine(folder.ToString(), file.Name);
        foreach (var below in folder.EnumerateDirectories())
        {
            var real = Real(below, around[^1]);
            if (around.Contains(real, StringComparer.Ordinal))
                continue;
            foreach (var file in Of(new DirectoryInfo(Path.Combine(folder.ToString(), below.Name)), [.. around, real]))
                yield return file;
        }
    }

    /// <summary>Where a folder really is, whichever links led there.</summary>
    private static string Real(DirectoryInfo folder, string? parent)
    {
        var target = folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? (parent is null ? folder.FullName : Path.Combine(parent, folder.Name));
        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
    }
}
