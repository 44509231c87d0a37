namespace DeconvNet.Documentation.Tests;

/// <summary>Every C# block of README.md and docs compiles.</summary>
public class SnippetTests
{
    public static TheoryData<string> Pages => [.. Documents.Pages];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_block_of_a_page_compiles(string page)
    {
        var found = Snippet.Of(page, Documents.Lines(page)).SelectMany(snippet => snippet.Diagnostics()).ToArray();
        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    [Fact]
    public void The_README_has_blocks_to_compile() => Assert.True(Snippet.Of("README.md", Documents.Lines("README.md")).Count() >= 2);

    [Fact]
    public void A_mistake_is_reported_with_page_line_and_the_compilers_message()
    {
        string[] page = ["# Title", "", "```csharp", "var one = 1;", "Console.WriteLine(two + one);", "```"];
        var message = Assert.Single(Assert.Single(Snippet.Of("docs/page.md", page)).Diagnostics());
        Assert.Equal("docs/page.md:5: CS0103: The name 'two' does not exist in the current context", message);
    }

    [Fact]
    public void A_renamed_member_is_a_mistake()
    {
        string[] page = ["<!-- given: RgbImage photo; -->", "```csharp", "Console.WriteLine(photo.Breadth);", "```"];
        Assert.Contains("docs/page.md:3: CS1061", Assert.Single(Assert.Single(Snippet.Of("docs/page.md", page)).Diagnostics()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_with_usings_of_its_own_gets_no_others()
    {
        string[] page = ["```csharp", "using DeconvNet.Segmentation;", "", "Console.WriteLine(typeof(ISegmenter) == typeof(RgbImage));", "```"];
        Assert.Contains("docs/page.md:4: CS0246", Assert.Single(Assert.Single(Snippet.Of("docs/page.md", page)).Diagnostics()), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_given_belongs_to_the_next_block_only()
    {
        string[] page = ["<!-- given:", "int one;", "int two; -->", "", "```csharp", "Console.WriteLine(one + two);", "```", "Text.", "```csharp", "Console.WriteLine(one);", "```"];
        var snippets = Snippet.Of("docs/page.md", page).ToArray();
        Assert.Equal(2, snippets.Length);
        Assert.Empty(snippets[0].Diagnostics());
        Assert.StartsWith("docs/page.md:10: CS0103", Assert.Single(snippets[1].Diagnostics()), StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_of_other_languages_are_passed_over()
    {
        string[] page = ["```python", "```csharp", "print(1)", "```", "```", "text", "```"];
        Assert.Empty(Snippet.Of("docs/page.md", page));
    }
}
