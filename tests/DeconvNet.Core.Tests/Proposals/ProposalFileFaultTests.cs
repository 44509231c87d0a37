using System.Text;
using DeconvNet.Imaging;
using DeconvNet.Proposals;
using DeconvNet.Proposals.Files;
using DeconvNet.Proposals.Forest;
using DeconvNet.Proposals.Ranking;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Proposals;

/// <summary>Files that other programs write, and files that would take all memory.</summary>
public class ProposalFileFaultTests
{
    private const string Head = """{"format":"proposals","version":1,"images":[{"id":"a","proposals":[[1,2,30,40,0.5]]}],"more":""";

    private static readonly Proposal Expected = new(new PixelBox(1, 2, 30, 40), 0.5f);

    [Theory]
    [InlineData("proposals_blank_line.txt")]
    [InlineData("proposals_float_boxes.json")]
    public void Files_of_other_programs_are_read(string name) =>
        Assert.Equal(Expected, Assert.Single(ProposalFile.Load(BadFiles.Path(name))["a"]));

    [Theory]
    [InlineData("proposals 1\r\nimage 1 a\r\n1 2 30 40 0.5\r\n\r\n")]
    [InlineData("proposals 1\n\n \nimage 1 a\n\n1 2 30 40 0.5 \n  \n")]
    [InlineData("proposals 1\nimage 1 a\n1.0 2.0 30.0 40.0 0.5")]
    [InlineData("""{"version":1.0,"images":[{"proposals":[[1.0,2,3e1,40,5e-1]],"id":"\u0061"}],"format":"proposals"}""")]
    public void Blank_lines_line_ends_and_whole_numbers_with_a_point_are_read(string text) => Assert.Equal(Expected, Assert.Single(Load(text)["a"]));

    [Theory]
    [InlineData("proposals 1\nimage 1 a\n1.5 2 30 40 0.5")]
    [InlineData("proposals 1\nimage 1 a\n1 2 30 1e10 0.5")]
    [InlineData("""{"format":"proposals","version":1,"images":[{"id":"a","proposals":[[1.5,2,30,40,0.5]]}]}""")]
    [InlineData("""{"format":"proposals","version":1,"images":[{"id":"a","proposals":[[1,2,30,3000000000.0,0.5]]}]}""")]
    public void Fractions_of_pixels_are_refused(string text) => Assert.Throws<InvalidDataException>(() => Load(text));

    [Theory]
    [InlineData("proposals-min.json")]
    [InlineData("mat-zlib.mat")]
    [InlineData("git_lfs_pointer.safetensors")]
    public void Damaged_files_are_refused_by_name(string name) =>
        Assert.Contains(name, Assert.Throws<InvalidDataException>(() => ProposalFile.Load(BadFiles.Path(name), _ => new ImageSize(50, 40))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_pointer_of_Git_LFS_is_called_one() =>
        Assert.Contains("git lfs pull", Assert.Throws<InvalidDataException>(() => ProposalFile.Load(BadFiles.Path("git_lfs_pointer.safetensors"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00x")]
    public void Half_a_surrogate_pair_is_refused_wherever_it_stands(string half)
    {
        foreach (var json in new[]
        {
            $$"""{"{{half}}":1,"format":"proposals","version":1,"images":[]}""",
            $$"""{"format":"proposals","version":1,"images":[{"id":"{{half}}","proposals":[]}]}""",
            $$"""{"format":"proposals","version":1,"images":[{"{{half}}":1,"id":"a","proposals":[]}]}""",
        })
            Assert.Contains("surrogate", Assert.Throws<InvalidDataException>(() => Load(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ignored_members_cost_no_memory_however_large_they_are()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new StreamWriter(folder["large.json"]))
        {
            writer.Write(Head);
            writer.Write('[');
            for (var i = 0; i < 2_000_000; i++)
                writer.Write("{\"x\":[1,2]},");
            writer.Write("0]}");
        }

        BadFiles.AssertAllocatesAtMost(1 << 20, () => Assert.Equal(Expected, Assert.Single(ProposalFile.Load(folder["large.json"])["a"])));
    }

    [Fact]
    public void A_text_without_end_is_refused_in_little_memory()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, start) in new[] { ("a.json", Head + "\""), ("b.txt", "proposals 1\nimage 1 "), ("c.txt", "x") })
        {
            using (var writer = new StreamWriter(folder[name]))
            {
                writer.Write(start);
                for (var i = 0; i < 64; i++)
                    writer.Write(new string('x', 1 << 20));
            }

            BadFiles.AssertAllocatesAtMost(8 << 20, () => Assert.Contains("more than|longer than", Words(Assert.Throws<InvalidDataException>(() => ProposalFile.Load(folder[name])).Message), StringComparison.Ordinal));
        }

        static string Words(string message) => message.Contains("more than", StringComparison.Ordinal) || message.Contains("longer than", StringComparison.Ordinal) ? "more than|longer than" : message;
    }

    [Fact]
    public void A_text_above_2_GB_without_a_line_end_is_refused_at_once()
    {
        using var folder = new TemporaryFolder();
        using (var file = File.Create(folder["large.txt"]))
            file.SetLength(2_500_000_000);
        BadFiles.AssertAllocatesAtMost(1 << 20, () => Assert.Throws<InvalidDataException>(() => ProposalFile.Load(folder["large.txt"])));
    }

    [Fact]
    public void A_forest_of_few_bytes_cannot_become_a_large_one()
    {
        BadFiles.AssertAllocatesAtMost(300 << 20, () =>
            Assert.Contains("characters", Assert.Throws<InvalidDataException>(() => StructuredForest.Load(BadFiles.Path("forest-bomb.yml.gz"))).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_is_called_a_folder()
    {
        using var folder = new TemporaryFolder();
        foreach (var load in new Action[] { () => StructuredForest.Load(folder.Root), () => ProposalRanker.Load(folder.Root) })
            Assert.Contains("is a folder", Assert.Throws<InvalidDataException>(load).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyDictionary<string, IReadOnlyList<Proposal>> Load(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["boxes.txt"], text, new UTF8Encoding(false));
        return ProposalFile.Load(folder["boxes.txt"]);
    }
}
