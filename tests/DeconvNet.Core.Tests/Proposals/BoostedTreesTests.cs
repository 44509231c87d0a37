using DeconvNet.Proposals.Ranking;

namespace DeconvNet.Tests.Proposals;

public class BoostedTreesTests
{
    // 1 where feature 3 is above 5; else 10 or 20 for feature 0 up to or above −1.
    private static readonly TreeNode[] Tree =
        [new(3, 1, 5), new(0, 3, -1), new(-1, 0, 1), new(-1, 0, 10), new(-1, 0, 20)];

    [Theory]
    [InlineData(-1, 5, 10.5)]
    [InlineData(-0.5, 5, 20.5)]
    [InlineData(-1, 5.5, 1.5)]
    [InlineData(float.NaN, float.NaN, 10.5)]
    public void A_row_goes_right_where_its_feature_is_above_the_limit(float first, float fourth, float expected)
    {
        var row = new float[BoxFeatures.Count];
        (row[0], row[3]) = (first, fourth);
        var values = new float[1];

        new BoostedTrees(BoxFeatures.Count, 0.5f, [Tree]).Predict(row, values);

        Assert.Equal(expected, values[0]);
    }

    [Fact]
    public void Trees_are_added_up()
    {
        var values = new float[3];

        new BoostedTrees(BoxFeatures.Count, 0.5f, [Tree, (TreeNode[])[new(-1, 0, 2)], Tree]).Predict(new float[3 * BoxFeatures.Count], values);

        Assert.Equal([42.5f, 42.5f, 42.5f], values);
    }

    [Fact]
    public void Many_rows_get_what_each_gets_alone()
    {
        var random = new Random(1);
        float[] rows = [.. Enumerable.Range(0, 150 * BoxFeatures.Count).Select(_ => (20 * random.NextSingle()) - 10)];
        var trees = new BoostedTrees(BoxFeatures.Count, 0.5f, [Tree, (TreeNode[])[new(0, 1, 2), new(-1, 0, 3), new(3, 3, 0), new(-1, 0, 4), new(-1, 0, 5)]]);
        var together = new float[150];
        var alone = new float[150];

        trees.Predict(rows, together);
        for (var i = 0; i < alone.Length; i++)
            trees.Predict(rows.AsSpan(i * BoxFeatures.Count, BoxFeatures.Count), alone.AsSpan(i, 1));

        Assert.Equal(alone, together);
        Assert.Equal([4.5f, 6.5f, 13.5f, 23.5f, 24.5f, 25.5f], together.Distinct().Order());
    }

    [Fact]
    public void A_file_gives_the_trees_back()
    {
        var read = BoostedTreesFile.Read(new MemoryStream(Bytes(Tree, Tree)), "file");

        Assert.Equal(0.5f, read.Start);
        Assert.Equal([Tree, Tree], read.Trees);
    }

    [Fact]
    public void A_file_that_ends_anywhere_is_refused_by_name()
    {
        var bytes = Bytes(Tree);

        for (var length = 0; length < bytes.Length; length++)
        {
            var fault = Assert.Throws<InvalidDataException>(() => BoostedTreesFile.Read(new MemoryStream(bytes, 0, length), "cut.bin"));
            Assert.Contains("cut.bin", fault.Message, StringComparison.Ordinal);
        }

        Assert.Throws<InvalidDataException>(() => BoostedTreesFile.Read(new MemoryStream([.. bytes, 0]), "long.bin"));
    }

    [Fact]
    public void Flipped_bits_are_read_or_refused()
    {
        var bytes = Bytes(Tree);
        var refused = 0;
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                BoostedTreesFile.Read(new MemoryStream(flipped), "flipped").Predict(new float[BoxFeatures.Count], new float[1]);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, (8 * bytes.Length) - 1);
    }

    [Theory]
    [InlineData(-2, 1, "feature")]
    [InlineData(BoxFeatures.Count, 1, "feature")]
    [InlineData(0, 0, "leads to node 0")]
    [InlineData(0, 2, "leads to node 2")]
    public void Trees_with_missing_or_circular_children_are_refused(int feature, int left, string expected)
    {
        var bytes = Bytes((TreeNode[])[new((short)feature, (short)left, 0), new(-1, 0, 1), new(-1, 0, 2)]);

        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => BoostedTreesFile.Read(new MemoryStream(bytes), "file")).Message, StringComparison.Ordinal);
    }

    private static byte[] Bytes(params TreeNode[][] trees)
    {
        using var stream = new MemoryStream();
        BoostedTreesFile.Write(new BoostedTrees(BoxFeatures.Count, 0.5f, trees), stream);
        return stream.ToArray();
    }
}
