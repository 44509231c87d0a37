using System.Globalization;

namespace DeconvNet.Datasets;

/// <summary>Fingerprints of the files of data sets.</summary>
internal static class DatasetFiles
{
    /// <summary>Sizes of files in bytes, −1 for a missing file: cheap to get, and usually different after a file was replaced.</summary>
    public static string Sizes(params IEnumerable<string> paths) => string.Join(
        ' ', paths.Select(path => (new FileInfo(path) is { Exists: true } file ? file.Length : -1).ToString(CultureInfo.InvariantCulture)));
}
