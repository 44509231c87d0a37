using System.IO.Compression;
using System.Text;
using DeconvNet.Proposals.Forest;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Proposals;

public class StructuredForestFileTests
{
    private const string Text = """
        %YAML:1.0
        ---
        options:
           numberOfTrees: 1
           numberOfTreesToEvaluate: 1
           selfsimilarityGridSize: 2
           stride: 2
           shrinkNumber: 2
           patchSize: 8
           patchInnerSize: 4
           numberOfGradientOrientations: 4
           gradientSmoothingRadius: 0
           regFeatureSmoothingRadius: 2
           ssFeatureSmoothingRadius: 8
           gradientNormalizationRadius: 4
        childs:
           - [ 2, 0, 0 ]
        featureIds:
           - [ 5, 0,
               0 ]
        thresholds:
           - [ 1.25e-02, 0., 0. ]
        edgeBoundaries:
           - [ 0, 0, 2 ]
           - [ 3 ]
        edgeBins:
           - [ 1, 2, 15 ]
        """;

    [Fact]
    public void Plain_and_compressed_text_are_read_alike()
    {
        var plain = Load(Text);
        var packed = StructuredForest.Load(new MemoryStream(Packed(Encoding.ASCII.GetBytes(Text))));
        Assert.Equal(plain.Nodes, packed.Nodes);
        Assert.Equal(new ForestNode(1, 5, 0.0125f, 0, 0), plain.Nodes[0]);
        Assert.Equal(new ForestNode(0, 0, 0, 0, 2), plain.Nodes[1]);
        Assert.Equal([1, 2, 15], plain.Bins.ToArray());
    }

    [Theory]
    [InlineData("%YAML:1.0", "", "%YAML")]
    [InlineData("   stride: 2\n", "", "stride is missing")]
    [InlineData("stride: 2", "stride: 0", "Stride is 0")]
    [InlineData("stride: 2", "stride: two", "whole number")]
    [InlineData("stride: 2", "patchSize: 8", "twice")]
    [InlineData("patchSize: 8", "patchSize: 1000000000", "PatchSize")]
    [InlineData("numberOfTrees: 1", "numberOfTrees: 2", "childs has 3")]
    [InlineData("[ 2, 0, 0 ]", "[ 3, 0, 0 ]", "childs[0] is 3")]
    [InlineData("[ 2, 0, 0 ]", "[ 2, 1, 0 ]", "childs[1] is 1")]
    [InlineData("[ 2, 0, 0 ]", "[ -2, 0, 0 ]", "childs[0] is -2")]
    [InlineData("[ 5, 0,", "[ 5000, 0,", "featureIds[0] is 5000")]
    [InlineData("[ 5, 0,", "[ 5,", "featureIds has 2")]
    [InlineData("1.25e-02", ".Nan", "thresholds")]
    [InlineData("1.25e-02", "1e99", "thresholds[0]")]
    [InlineData("[ 0, 0, 2 ]", "[ 0, 3, 2 ]", "edgeBoundaries[2] is 2")]
    [InlineData("[ 3 ]", "[ 4 ]", "edgeBoundaries[3] is 4")]
    [InlineData("[ 3 ]", "[ ]", "edgeBoundaries has 3")]
    [InlineData("[ 1, 2, 15 ]", "[ 1, 2, -15 ]", "edgeBins[2] is -15")]
    [InlineData("[ 1, 2, 15 ]", "[ 1, [2, 15 ] ]", "bracket")]
    [InlineData("[ 1, 2, 15 ]", "[ 1, 2, 15", "too early")]
    [InlineData("[ 1, 2, 15 ]", "1, 2, 15", "not a number of edgeBins")]
    [InlineData("edgeBins:", "edgeBags:", "edgeBags")]
    [InlineData("edgeBins:\n", "", "missing")]
    public void What_is_wrong_is_named(string part, string instead, string told)
    {
        var text = Text.Replace("\r\n", "\n", StringComparison.Ordinal);
        Assert.Contains(part, text, StringComparison.Ordinal);
        var error = Assert.Throws<InvalidDataException>(() => Load(text.Replace(part, instead, StringComparison.Ordinal)));
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("forest.yml", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused_or_complete()
    {
        var plain = Encoding.ASCII.GetBytes(Text);
        var packed = Packed(plain);
        for (var length = 0; length < plain.Length - 2; length++)
            Assert.Throws<InvalidDataException>(() => StructuredForest.Load(new MemoryStream(plain, 0, length)));
        for (var length = 0; length < packed.Length - 8; length++)
            Refused(packed[..length]);
    }

    [Fact]
    public void Damaged_files_are_read_or_refused_in_bounded_memory()
    {
        var random = new Random(7);
        byte[][] sound = [Encoding.ASCII.GetBytes(Text), Packed(Encoding.ASCII.GetBytes(Text))];
        for (var i = 0; i < 4000; i++)
        {
            var bytes = DamagedBytes.Of(sound[i % 2], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Refused(bytes);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64L << 20);
        }
    }

    [Fact]
    public void An_endless_line_and_a_decompression_bomb_are_refused()
    {
        var bomb = Packed([.. Encoding.ASCII.GetBytes("%YAML:1.0\n"), .. new byte[1 << 24]]);
        Assert.Contains("longer than", Assert.Throws<InvalidDataException>(() => StructuredForest.Load(new MemoryStream(bomb))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_reported() => Assert.Throws<FileNotFoundException>(() => StructuredForest.Load("no-such-forest.yml.gz"));

    private static StructuredForest Load(string text) => StructuredForest.Load(new MemoryStream(Encoding.ASCII.GetBytes(text)), "forest.yml");

    private static void Refused(byte[] bytes)
    {
        try
        {
            StructuredForest.Load(new MemoryStream(bytes));
        }
        catch (InvalidDataException)
        {
            // The one exception that may escape.
        }
    }

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
