using System.Text.RegularExpressions;

namespace DeconvNet.Documentation.Tests;

/// <summary>Files named in the pages must exist.</summary>
public partial class PathTests
{
    public static TheoryData<string> Pages => [.. Documents.Pages];

    private static readonly string[] Bases = ["", .. Directory.EnumerateDirectories(Path.Combine(Documents.Root, "src")).Select(folder => Path.GetRelativePath(Documents.Root, folder))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_source_file_that_a_page_names_exists(string page)
    {
        var found = Missing(page, Documents.Lines(page)).ToArray();
        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    [Fact]
    public void A_file_that_is_not_there_is_reported_with_page_and_line() =>
        Assert.Equal(["docs/page.md:2: there is no file Imaging/Gone.cs"], Missing("docs/page.md", ["`Imaging/RgbImage.cs`, `.ci/run`, `samples/SegmentImage`", "Text, `Imaging/Gone.cs`."]));

    // In backticks, with a slash, below the repository or one of its projects: code, scripts, folders of samples, tests and sources.
    private static IEnumerable<string> Missing(string page, string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            foreach (var path in Paths().Matches(lines[i]).Select(match => match.Groups[1].Value))
            {
                if (!Bases.Any(folder => Path.Combine(Documents.Root, folder, path) is var full && (File.Exists(full) || Directory.Exists(full))))
                    yield return FormattableString.Invariant($"{page}:{i + 1}: there is no file {path}");
            }
        }
    }

    [GeneratedRegex(@"`((?:[\w.-]+/)+[\w.-]+\.(?:cs|csproj|sh|py|props|targets|json)|(?:\.ci|src|samples|tests|tools|docs)/[\w./-]+)`")]
    private static partial Regex Paths();
}
