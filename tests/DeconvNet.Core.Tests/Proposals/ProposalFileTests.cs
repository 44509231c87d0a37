using DeconvNet.Imaging;
using DeconvNet.Proposals;
using DeconvNet.Proposals.Files;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Proposals;

public class ProposalFileTests
{
    private static readonly Dictionary<string, IReadOnlyList<Proposal>> Example = new()
    {
        ["2007_000032"] = [new(new PixelBox(10, 20, 110, 220), 0.1f), new(new PixelBox(-3, 0, 500, 375), 1e-9f)],
        ["with blank"] = [],
        ["é"] = [new(new PixelBox(0, 0, 1, 1), -2.5f)],
    };

    [Fact]
    public void What_is_saved_is_loaded_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        ProposalFile.Save(folder["boxes.txt"], Example);

        var loaded = ProposalFile.Load(folder["boxes.txt"]);

        Assert.Equal(Example.Keys, loaded.Keys);
        Assert.All(Example, image => Assert.Equal(image.Value, loaded[image.Key]));
        Assert.Equal("proposals 1\nimage 2 2007_000032\n10 20 110 220 0.1\n", File.ReadAllText(folder["boxes.txt"])[..50]);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("boxes 1\n", 1)]
    [InlineData("proposals 1\nimage x a\n", 2)]
    [InlineData("proposals 1\nimage -1 a\n", 2)]
    [InlineData("proposals 1\nimage 1\n", 2)]
    [InlineData("proposals 1\nimage 1 \n", 2)]
    [InlineData("proposals 1\n1 2 3 4 5\n", 2)]
    [InlineData("proposals 1\nimage 1 a\n", 3)]
    [InlineData("proposals 1\nimage 2000000000 a\n1 2 3 4 5\n", 4)]
    [InlineData("proposals 1\nimage 1 a\n1 2 3 4\n", 3)]
    [InlineData("proposals 1\nimage 1 a\n1 2 3 4 \n", 3)]
    [InlineData("proposals 1\nimage 1 a\n1 2 3 4 5 6\n", 3)]
    [InlineData("proposals 1\nimage 1 a\n1 2 3 x 5\n", 3)]
    [InlineData("proposals 1\nimage 1 a\n1 2 3 99999999999 5\n", 3)]
    [InlineData("proposals 1\nimage 1 a\n1 2 1 4 5\n", 3)]
    [InlineData("proposals 1\nimage 1 a\n1 2 3 4 NaN\n", 3)]
    [InlineData("proposals 1\nimage 0 a\nimage 0 a\n", 3)]
    public void A_malformed_line_is_named(string text, int line)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["bad.txt"], text);

        var error = Assert.Throws<InvalidDataException>(() => ProposalFile.Load(folder["bad.txt"]));

        Assert.Contains($"bad.txt', line {line}:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_saved_leaves_the_old_file_alone()
    {
        using var folder = new TemporaryFolder();
        ProposalFile.Save(folder["boxes.txt"], Example);
        void Refused(params KeyValuePair<string, IReadOnlyList<Proposal>>[] images)
            => Assert.Throws<ArgumentException>(() => ProposalFile.Save(folder["boxes.txt"], images));

        Refused(new("a", []), new("a", []));
        Refused(new KeyValuePair<string, IReadOnlyList<Proposal>>("two\nlines", []));
        Refused(new KeyValuePair<string, IReadOnlyList<Proposal>>("", []));
        Refused(new KeyValuePair<string, IReadOnlyList<Proposal>>("a", [new(new PixelBox(1, 1, 1, 2), 0)]));
        Refused(new KeyValuePair<string, IReadOnlyList<Proposal>>("a", [new(new PixelBox(1, 1, 2, 2), float.NaN)]));

        Assert.Equal(folder["boxes.txt"], Assert.Single(Directory.GetFiles(folder.Root)));
        Assert.Equal(Example.Count, ProposalFile.Load(folder["boxes.txt"]).Count);
        Assert.Throws<FileNotFoundException>(() => ProposalFile.Load(folder["missing.txt"]));
    }

    [Fact]
    public void Fixed_proposals_are_cut_to_the_image_and_come_best_first()
    {
        var image = new RgbImage(20, 10, new byte[600]);
        var generator = new FixedProposals(
        [
            new(new PixelBox(-5, -5, 5, 5), 1), new(new PixelBox(30, 0, 40, 10), 9), new(new PixelBox(0, 0, 20, 10), 2), new(new PixelBox(1, 1, 2, 2), 1),
        ]);

        var proposals = generator.Generate(image, 2, TestContext.Current.CancellationToken);

        Assert.Equal([new Proposal(new PixelBox(0, 0, 20, 10), 2), new Proposal(new PixelBox(0, 0, 5, 5), 1)], proposals);
        var whole = new FixedProposals([new(new PixelBox(-5, -5, 5, 5), 1), new(new PixelBox(20, 0, 40, 10), 9)], cutToImage: false);
        Assert.Equal(new Proposal(new PixelBox(-5, -5, 5, 5), 1), Assert.Single(whole.Generate(image, 2, TestContext.Current.CancellationToken)));
        Assert.Throws<ArgumentException>(() => new FixedProposals([new(new PixelBox(0, 0, 1, 1), float.NaN)]));
    }
}
