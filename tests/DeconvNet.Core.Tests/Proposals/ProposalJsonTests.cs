using DeconvNet.Imaging;
using DeconvNet.Proposals;
using DeconvNet.Proposals.Files;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Proposals;

public class ProposalJsonTests
{
    [Fact]
    public void What_is_saved_is_loaded_bit_for_bit_and_becomes_the_same_text()
    {
        using var folder = new TemporaryFolder();
        var images = new Dictionary<string, IReadOnlyList<Proposal>>
        {
            ["2007_000032"] = [new(new PixelBox(10, 20, 110, 220), 0.1f), new(new PixelBox(-3, 0, 500, 375), 1e-9f)],
            ["with \"quotes\""] = [],
            ["é"] = [new(new PixelBox(0, 0, 1, 1), -float.MaxValue)],
        };

        ProposalFile.Save(folder["boxes.json"], images);
        ProposalFile.Save(folder["direct.txt"], images);
        ProposalFile.Save(folder["turned.txt"], ProposalFile.Load(folder["boxes.json"]));

        Assert.Equal(File.ReadAllText(folder["direct.txt"]), File.ReadAllText(folder["turned.txt"]));
        Assert.StartsWith(
            """{"format":"proposals","version":1,"images":[{"id":"2007_000032","proposals":[[10,20,110,220,0.1],""", File.ReadAllText(folder["boxes.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_name_does_not_matter_for_reading_nor_do_blanks_and_other_members()
    {
        var images = Load("\uFEFF \r\n" + """{ "by": {"a": [1]}, "images": [ {"proposals": [[0, 0, 2, 2, 1e0]], "id": "a", "width": 5} ], "version": 1, "format": "proposals" }""");

        Assert.Equal(new Proposal(new PixelBox(0, 0, 2, 2), 1), Assert.Single(images["a"]));
    }

    [Theory]
    [InlineData("{", "not JSON")]
    [InlineData("{}", "format")]
    [InlineData("""{"format":1}""", "format")]
    [InlineData("""{"format":"boxes","version":1,"images":[]}""", "format")]
    [InlineData("""{"format":"\ud800","version":1,"images":[]}""", "format")]
    [InlineData("""{"format":"proposals","images":[]}""", "version")]
    [InlineData("""{"format":"proposals","version":2,"images":[]}""", "version")]
    [InlineData("""{"format":"proposals","version":1e99,"images":[]}""", "version")]
    [InlineData("""{"format":"proposals","version":1,"images":{}}""", "images")]
    [InlineData("""{"format":"proposals","version":1,"images":[],"images":[]}""", "not JSON")]
    [InlineData("""{"format":"proposals","version":1,"images":[7]}""", "images[0]")]
    [InlineData("""{"format":"proposals","version":1,"images":[{"id":"a"}]}""", "proposals")]
    [InlineData("""{"format":"proposals","version":1,"images":[{"id":" a","proposals":[]}]}""", "images[0]")]
    [InlineData("""{"format":"proposals","version":1,"images":[{"id":"a","proposals":[]},{"id":"a","proposals":[]}]}""", "twice")]
    [InlineData("""{"format":"proposals","version":1,"images":[]} x""", "not JSON")]
    public void A_malformed_file_is_explained(string json, string explained)
    {
        var error = Assert.Throws<InvalidDataException>(() => Load(json));

        Assert.Contains(explained, error.Message, StringComparison.Ordinal);
        Assert.Contains("bad.txt'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("[0,0,2,2]")]
    [InlineData("[0,0,2,2,1,1]")]
    [InlineData("[0,0,2,2,\"1\"]")]
    [InlineData("[0,0,2.5,2,1]")]
    [InlineData("[0,0,99999999999,2,1]")]
    [InlineData("[0,0,0,2,1]")]
    [InlineData("[0,0,2,-2,1]")]
    [InlineData("[0,0,2,2,1e99]")]
    public void An_invalid_proposal_is_named(string proposal)
    {
        var json = $$"""{"format":"proposals","version":1,"images":[{"id":"a","proposals":[[0,0,1,1,0],{{proposal}}]}]}""";

        Assert.Contains("images[0].proposals[1]", Assert.Throws<InvalidDataException>(() => Load(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_cut_short_is_refused_at_every_byte()
    {
        const string json = """{"format":"proposals","version":1,"images":[{"id":"a","proposals":[[0,0,2,2,1]]}]}""";

        for (var length = 0; length < json.Length; length++)
            Assert.Throws<InvalidDataException>(() => Load(json[..length]));
    }

    [Fact]
    public void Nested_brackets_without_end_are_refused() => Assert.Throws<InvalidDataException>(() => Load("{\"a\":" + new string('[', 100_000)));

    private static IReadOnlyDictionary<string, IReadOnlyList<Proposal>> Load(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["bad.txt"], text);
        return ProposalFile.Load(folder["bad.txt"]);
    }
}
