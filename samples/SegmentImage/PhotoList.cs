using Microsoft.Extensions.FileSystemGlobbing;

namespace SegmentImage;

/// <summary>A photo of a batch.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">What its results are called, without extension: its place below the folder or the pattern that it was found by.</param>
internal sealed record ListedPhoto(string Path, string Name)
{
    /// <summary>The file as a COCO file names it: from the folder or the pattern that it was found by.</summary>
    public string FileName
    {
        get
        {
            var extension = System.IO.Path.GetExtension(Path);
            return (Name.EndsWith(extension, StringComparison.Ordinal) ? Name : Name + extension).Replace('\\', '/');
        }
    }
}

/// <summary>The photos that arguments name: files, folders, and patterns such as <c>photos/**/*.jpg</c> (for shells that do not expand them, and in quotes).</summary>
internal static class PhotoList
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"];

    private static readonly char[] Wildcards = ['*', '?'];

    /// <summary>Whether the arguments name one photo, not a batch. A file that is missing counts: the message says so when it is read.</summary>
    public static bool IsOne(IReadOnlyList<string> arguments) => arguments.Count == 1 && !Directory.Exists(arguments[0]) && !IsPattern(arguments[0]);

    /// <summary>All photos, in the order of the arguments and by name within each; none twice. A folder gives the photos right in it.</summary>
    /// <exception cref="FileNotFoundException">A pattern or a folder has no photo.</exception>
    public static IReadOnlyList<ListedPhoto> Of(IReadOnlyList<string> arguments)
    {
        var photos = arguments.SelectMany(Find).DistinctBy(photo => Path.GetFullPath(photo.Path)).ToArray();

        // Names that would collide, as those of cat.jpg and cat.png, keep the extension. File systems may take cat and Cat for the same.
        var taken = photos.CountBy(photo => photo.Name, StringComparer.OrdinalIgnoreCase).Where(name => name.Value > 1).Select(name => name.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var named = photos.Select(photo => taken.Contains(photo.Name) ? photo with { Name = photo.Name + Path.GetExtension(photo.Path) } : photo).ToArray();
        if (named.GroupBy(photo => photo.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } same)
            throw new ArgumentException($"{string.Join(" and ", same.Select(photo => photo.Path))} would be written to the same file: segment them one after the other.");
        return named;
    }

    private static IEnumerable<ListedPhoto> Find(string argument)
    {
        if (File.Exists(argument))
            return [new(argument, Path.GetFileNameWithoutExtension(argument))];
        if (Directory.Exists(argument))
            return Required(argument, Directory.EnumerateFiles(argument).Where(IsPhoto).Select(path => Listed(argument, path)));
        if (!IsPattern(argument))
            return [new(argument, Path.GetFileNameWithoutExtension(argument))];

        // The folders before the first wildcard are where the search begins.
        var before = argument[..argument.IndexOfAny(Wildcards)];
        var start = before.LastIndexOfAny([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar]) + 1;
        var folder = start == 0 ? "." : argument[..start];
        var matcher = new Matcher(StringComparison.OrdinalIgnoreCase);
        matcher.AddInclude(argument[start..]);
        return Required(argument, !Directory.Exists(folder) ? [] : matcher.GetResultsInFullPath(folder).Where(IsPhoto).Select(path => Listed(folder, path)));
    }

    private static ListedPhoto[] Required(string argument, IEnumerable<ListedPhoto> photos)
    {
        var found = photos.OrderBy(photo => photo.Path, StringComparer.Ordinal).ToArray();
        return found.Length > 0 ? found : throw new FileNotFoundException($"There is no photo in {argument}; expected {string.Join(", ", Extensions)}.");
    }

    private static ListedPhoto Listed(string folder, string path)
    {
        var relative = Path.GetRelativePath(folder, path);
        return new(folder == "." ? relative : Path.Combine(folder, relative), Path.ChangeExtension(relative, null));
    }

    private static bool IsPhoto(string path) => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant());

    private static bool IsPattern(string argument) => argument.IndexOfAny(Wildcards) >= 0;
}
