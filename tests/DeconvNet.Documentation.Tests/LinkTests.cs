using System.Text.RegularExpressions;

namespace DeconvNet.Documentation.Tests;

/// <summary>Every local link of README.md and docs leads to a file, and every anchor to a heading.</summary>
public partial class LinkTests
{
    public static TheoryData<string> Pages => [.. Documents.Pages];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_local_link_leads_somewhere(string page)
    {
        var found = Broken(page, Documents.Lines(page)).ToArray();
        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    [Fact]
    public void A_link_to_nothing_is_reported_with_page_and_line() =>
        Assert.Equal(
            ["docs/page.md:2: there is no file missing.md", "docs/page.md:3: architecture.md has no heading #nothing-here", "docs/page.md:3: there is no file no.png"],
            Broken("docs/page.md", ["[whole](architecture.md#architecture) and [license](../LICENSE)", "[gone](missing.md)", "[heading](architecture.md#nothing-here) ![picture](no.png) [outside](https://example.org/x)"]));

    [Theory]
    [InlineData("## The learned order", "the-learned-order")]
    [InlineData("# What `Load` does, and why: C++/C# – 2", "what-load-does-and-why-cc--2")]
    [InlineData("### [Weights](weights.md) & names_of layers", "weights--names_of-layers")]
    public void Anchors_are_those_of_the_page_as_it_is_shown(string heading, string anchor) => Assert.Equal([anchor], Anchors([heading]));

    [Fact]
    public void Equal_headings_are_numbered() => Assert.Equal(["a", "a-1", "a-2"], Anchors(["# A", "## A", "```", "# no heading", "```", "## A"]));

    private static IEnumerable<string> Broken(string page, string[] lines)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Documents.Root, page))!;
        foreach (var (number, line) in Prose(lines))
        {
            foreach (var target in Links().Matches(CodeSpans().Replace(line, "")).Select(match => match.Groups[1].Value))
            {
                if (Schemes().IsMatch(target))
                    continue;
                var parts = target.Split('#');
                var file = parts[0].Length == 0 ? Path.Combine(Documents.Root, page) : Path.GetFullPath(Path.Combine(folder, Uri.UnescapeDataString(parts[0])));
                if (!File.Exists(file) && !Directory.Exists(file))
                    yield return FormattableString.Invariant($"{page}:{number}: there is no file {parts[0]}");
                else if (parts.Length > 1 && !Anchors(parts[0].Length == 0 ? lines : File.ReadAllLines(file)).Contains(parts[1]))
                    yield return FormattableString.Invariant($"{page}:{number}: {parts[0]} has no heading #{parts[1]}");
            }
        }
    }

    // As GitHub makes them: lower case, spaces to hyphens, other punctuation dropped, repeated ones numbered.
    private static IEnumerable<string> Anchors(string[] lines)
    {
        var seen = new Dictionary<string, int>();
        foreach (var (_, line) in Prose(lines))
        {
            if (!Heading().IsMatch(line))
                continue;
            var text = LinkText().Replace(line.TrimStart('#').Trim(), "$1").ToLowerInvariant();
            var anchor = string.Concat(text.Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');
            var times = seen[anchor] = seen.GetValueOrDefault(anchor, -1) + 1;
            yield return times == 0 ? anchor : FormattableString.Invariant($"{anchor}-{times}");
        }
    }

    private static IEnumerable<(int Number, string Line)> Prose(string[] lines)
    {
        var inside = false;
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("```", StringComparison.Ordinal))
                inside = !inside;
            else if (!inside && !lines[i].StartsWith("    ", StringComparison.Ordinal))
                yield return (i + 1, lines[i]);
        }
    }

    [GeneratedRegex(@"\]\(<?([^)\s>]+)>?(?:\s+""[^""]*"")?\)")]
    private static partial Regex Links();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex CodeSpans();

    [GeneratedRegex("^[a-z][a-z0-9+.-]*:", RegexOptions.IgnoreCase)]
    private static partial Regex Schemes();

    [GeneratedRegex("^#{1,6} ")]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();
}
