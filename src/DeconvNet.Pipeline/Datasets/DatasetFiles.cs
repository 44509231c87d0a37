using System.Globalization;

namespace DeconvNet.Datasets;

/// <summary>What the files of data sets have in common.</summary>
internal static class DatasetFiles
{
    /// <summary>Bytes of files, −1 for one that is missing; cheap to get, and different when a file was exchanged.</summary>
    public static string Sizes(params IEnumerable<string> paths) => string.Join(
        ' ', paths.Select(path => (new FileInfo(path) is { Exists: true } file ? file.Length : -1).ToString(CultureInfo.InvariantCulture)));
}
