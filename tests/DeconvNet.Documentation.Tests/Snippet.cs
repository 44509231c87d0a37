using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DeconvNet.Documentation.Tests;

/// <summary>
/// A C# block of a Markdown page. It is compiled as a program of its own:
/// <list type="bullet">
/// <item>A block that begins with using directives must compile as it stands, with the implicit usings of a new project.</item>
/// <item>Any other block may use every public namespace of the library and TorchSharp.</item>
/// <item>Variables that a block uses without declaring them are declared in a comment right before it, which is not rendered:
/// <c>&lt;!-- given: ISegmenter segmenter; string path; --&gt;</c>, on one line or several. Each declaration is <c>type name;</c>.</item>
/// </list>
/// A block that is no C# to compile is marked as another language, <c>text</c> for example.
/// </summary>
internal sealed record Snippet(string Page, int Line, string Given, string Code)
{
    private const string Fence = "```";
    private const string Opening = "<!-- given:";
    private const string Closing = "-->";

    private static readonly CSharpParseOptions ParseOptions = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);

    private static readonly CSharpCompilationOptions Options = new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable)
        // As the SDK does: versions are unified.
        .WithSpecificDiagnosticOptions([new("CS1701", ReportDiagnostic.Suppress), new("CS1702", ReportDiagnostic.Suppress)]);

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    private static readonly string[] ImplicitUsings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    private static readonly string[] LibraryNamespaces =
        ["TorchSharp", "SkiaSharp", .. Directory.EnumerateFiles(AppContext.BaseDirectory, "DeconvNet.*.dll")
            .Where(path => Path.GetFileNameWithoutExtension(path) != typeof(Snippet).Assembly.GetName().Name)
            .SelectMany(path => System.Reflection.Assembly.LoadFrom(path).GetExportedTypes())
            .Select(type => type.Namespace!)
            .Where(name => !string.IsNullOrEmpty(name))
            .Distinct()];

    /// <summary>The C# blocks of a page.</summary>
    /// <param name="page">How messages name the page.</param>
    /// <param name="lines">Its lines.</param>
    public static IEnumerable<Snippet> Of(string page, string[] lines)
    {
        var given = "";
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith(Opening, StringComparison.Ordinal))
            {
                var comment = new StringBuilder(lines[i][Opening.Length..]);
                while (!lines[i].Contains(Closing, StringComparison.Ordinal) && ++i < lines.Length)
                    comment.Append('\n').Append(lines[i]);
                given = comment.Replace(Closing, "").ToString();
            }
            else if (lines[i].StartsWith(Fence + "csharp", StringComparison.Ordinal) || lines[i].StartsWith(Fence + "cs", StringComparison.Ordinal) || lines[i].StartsWith(Fence + "c#", StringComparison.Ordinal))
            {
                var first = ++i;
                while (i < lines.Length && !lines[i].StartsWith(Fence, StringComparison.Ordinal))
                    i++;
                yield return new(page, first + 1, given, string.Join('\n', lines[first..i]));
                given = "";
            }
            else if (lines[i].StartsWith(Fence, StringComparison.Ordinal))
            {
                while (++i < lines.Length && !lines[i].StartsWith(Fence, StringComparison.Ordinal))
                {
                }
            }
            else if (lines[i].Length > 0)
            {
                given = "";
            }
        }
    }

    /// <summary>Diagnostics of the compiler, one per line: page, line, code and message; empty if the block compiles without a warning.</summary>
    public IReadOnlyList<string> Diagnostics()
    {
        var standsAlone = Code.StartsWith("using ", StringComparison.Ordinal) && !Code.StartsWith("using var", StringComparison.Ordinal);
        var program = new StringBuilder();
        foreach (var name in standsAlone ? ImplicitUsings : [.. ImplicitUsings, .. LibraryNamespaces])
            program.Append("global using ").Append(name).Append(";\n");
        var usings = CSharpSyntaxTree.ParseText(program.ToString(), ParseOptions);
        // Fields, so that the compiler neither asks for a value nor knows one.
        var fields = string.Concat(Given.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(field => $"public static {field} = default!;\n"));
        var context = CSharpSyntaxTree.ParseText($"static class Given\n{{\n{fields}}}", ParseOptions, "given");
        var block = CSharpSyntaxTree.ParseText((fields.Length > 0 ? "using static Given;\n" : "") + $"#line {Line}\n{Code}\n", ParseOptions, Page);
        var compilation = CSharpCompilation.Create("snippet", [usings, context, block], References, Options);
        return [.. compilation.GetDiagnostics().Where(found => found.Severity >= DiagnosticSeverity.Warning).Select(Text)];
    }

    private string Text(Diagnostic found)
    {
        var place = found.Location.GetMappedLineSpan();
        var where = place.Path == Page ? place.StartLinePosition.Line + 1 : Line;
        return FormattableString.Invariant($"{Page}:{where}: {found.Id}: {found.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}");
    }
}
