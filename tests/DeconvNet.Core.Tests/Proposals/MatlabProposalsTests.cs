using System.Buffers.Binary;
using System.IO.Compression;
using DeconvNet.Imaging;
using DeconvNet.Proposals;
using DeconvNet.Proposals.Files;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Proposals;

/// <summary>MATLAB files of boxes; those under Reference/proposals are SciPy's (tests/tools/make_matlab_reference.py).</summary>
public class MatlabProposalsTests
{
    private static readonly PixelBox[] ReferenceBoxes = [new(0, 0, 50, 40), new(-5, -10, 55, 50), new(10, 5, 30, 25)];

    public static TheoryData<string> Files =>
        ["plain", "compressed", "uint8", "int16", "int32", "uint64", "single", "several", "several_compressed", "big_endian"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Boxes_in_the_padded_image_become_half_open_boxes_of_the_image(string name)
    {
        var loaded = ProposalFile.Load(Reference(name), SizeOfReference);

        var (id, proposals) = Assert.Single(loaded);
        Assert.Equal(name, id);
        Assert.Equal(ReferenceBoxes, proposals.Select(proposal => proposal.Box));
        Assert.Equal([1f, 2 / 3f, 1 / 3f], proposals.Select(proposal => proposal.Score));
    }

    [Fact]
    public void No_boxes_are_an_empty_list() => Assert.Empty(ProposalFile.Load(Reference("empty"))["empty"]);

    [Fact]
    public void A_file_that_says_its_size_needs_no_answer_and_another_asks_for_it()
    {
        Assert.Equal(ReferenceBoxes, ProposalFile.Load(Reference("big_endian"))["big_endian"].Select(proposal => proposal.Box));

        var error = Assert.Throws<InvalidDataException>(() => ProposalFile.Load(Reference("plain")));
        Assert.Contains("imageSize", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => ProposalFile.Load(Reference("plain"), _ => new ImageSize(50, 0)));
    }

    [Fact]
    public void A_folder_is_loaded_by_its_file_names()
    {
        var loaded = ProposalFile.Load(Path.GetDirectoryName(Reference("plain"))!, SizeOfReference);

        Assert.Equal(Files.Count + 1, loaded.Count);
        Assert.Equal(loaded.Keys.Order(StringComparer.Ordinal), loaded.Keys);
        Assert.Equal(3, loaded["int16"].Count);
    }

    [Fact]
    public void What_is_saved_is_loaded_bit_for_bit_and_counts_as_MATLAB_does()
    {
        using var folder = new TemporaryFolder();
        var images = new Dictionary<string, IReadOnlyList<Proposal>>
        {
            ["2007_000032"] = [new(new PixelBox(0, 0, 500, 375), 0.1f), new(new PixelBox(-375, -500, 875, 875), -1e-9f), new(new PixelBox(7, 8, 8, 9), 0)],
            ["é 2"] = [],
        };

        ProposalFile.SaveMatlab(folder["cache"], images, _ => new ImageSize(500, 375));

        var loaded = ProposalFile.Load(folder["cache"]);
        Assert.Equal(images.Keys, loaded.Keys);
        Assert.All(images, image => Assert.Equal(image.Value, loaded[image.Key]));

        using var stream = File.OpenRead(Path.Combine(folder["cache"], "2007_000032.mat"));
        var boxes = MatlabFile.Read(stream, "file", ["boxes_padded"])["boxes_padded"];
        Assert.Equal((3, 4), (boxes.Rows, boxes.Columns));
        Assert.Equal([376.0, 501, 875, 875], Enumerable.Range(0, 4).Select(column => boxes[0, column]));
        Assert.Equal([1.0, 1, 1250, 1375], Enumerable.Range(0, 4).Select(column => boxes[1, column]));
    }

    [Fact]
    public void What_cannot_be_saved_is_refused()
    {
        using var folder = new TemporaryFolder();
        void Refused(string id, Proposal proposal) => Assert.Throws<ArgumentException>(
            () => ProposalFile.SaveMatlab(folder.Root, [new(id, [proposal])], _ => new ImageSize(50, 40)));

        var good = new Proposal(new PixelBox(0, 0, 1, 1), 1);
        Refused("../a", good);
        Refused(@"a\b", good);
        Refused("..", good);
        Refused("a", good with { Box = new PixelBox(-41, 0, 1, 1) });
        Refused("a", good with { Box = new PixelBox(0, 0, 1, 91) });
        Refused("a", good with { Score = float.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => ProposalFile.SaveMatlab(folder.Root, [new("a", [good])], _ => new ImageSize(0, 40)));
        Assert.Throws<ArgumentException>(() => ProposalFile.Save(folder["a.mat"], []));
        Assert.Empty(Directory.GetFiles(folder.Root));
        Assert.Throws<InvalidDataException>(() => ProposalFile.Load(folder.Root));
    }

    [Theory]
    [InlineData("0 1 5 5", "row 1")]
    [InlineData("1.5 1 5 5", "row 1")]
    [InlineData("6 1 5 5", "row 1")]
    [InlineData("1 1 131 5", "row 1")]
    [InlineData("1 1 5 141", "row 1")]
    [InlineData("NaN 1 5 5", "row 1")]
    [InlineData("1 1 5 Infinity", "row 1")]
    [InlineData("1 1 1e300 5", "row 1")]
    [InlineData("1 1 5 5 6", "1×5")]
    public void An_invalid_box_is_named(string row, string named)
    {
        var values = row.Split(' ').Select(value => double.Parse(value, System.Globalization.CultureInfo.InvariantCulture)).ToArray();

        Assert.Contains(named, Fault(Bytes(("boxes_padded", new MatlabMatrix(1, values.Length, values)))), StringComparison.Ordinal);
    }

    [Fact]
    public void Companions_that_do_not_fit_are_named()
    {
        var boxes = ("boxes_padded", new MatlabMatrix(1, 4, [1, 1, 5, 5]));
        void Named(string name, params double[] column) => Assert.Contains(name, Fault(Bytes(boxes, (name, new MatlabMatrix(column.Length, 1, column)))), StringComparison.Ordinal);

        Named("scores", 1, 2);
        Named("scores", double.NaN);
        Named("scores", 1e300);
        Named("image_size", 50, 40);
        Assert.Contains("image_size", Fault(Bytes(boxes, ("image_size", new MatlabMatrix(1, 2, [-1, 40])))), StringComparison.Ordinal);
        Assert.Contains("twice", Fault(Bytes(boxes, boxes)), StringComparison.Ordinal);
        Assert.Contains("boxes_padded", Fault(Bytes(("other", boxes.Item2))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(124, 0x02, "7.3")]
    [InlineData(124, 0x77, "version")]
    [InlineData(128, 0x09, "type 9")]
    [InlineData(132, 0xFF, "claims")]
    [InlineData(144, 0x01, "cell")]
    [InlineData(144, 0x11, "no variable")]
    [InlineData(145, 0x08, "complex")]
    [InlineData(152, 0x06, "dimensions")]
    [InlineData(163, 0x80, "expected at most")]
    [InlineData(162, 0x7F, "expected at most")]
    [InlineData(160, 0x02, "bytes of values")]
    [InlineData(168, 0x05, "text")]
    [InlineData(192, 0x0E, "not a type of numbers")]
    public void A_wrong_byte_is_explained(int place, int value, string explained)
    {
        var bytes = Bytes(("boxes_padded", new MatlabMatrix(1, 4, [1, 1, 5, 5])));
        if (place == 124)
            (bytes[124], bytes[125]) = (0, (byte)value);
        else
            bytes[place] = (byte)value;

        Assert.Contains(explained, Fault(bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("compressed")]
    public void A_file_that_is_cut_short_is_refused_at_every_byte(string name)
    {
        var sound = File.ReadAllBytes(Reference(name));

        for (var length = 0; length < sound.Length; length++)
            Assert.NotEmpty(Fault(sound[..length]));
    }

    [Fact]
    public void A_small_file_does_not_become_a_large_array()
    {
        // 100 MB of zeros, as a variable of boxes and as one that nobody asked for.
        foreach (var name in new[] { "boxes_padded", "zeros" })
        {
            var header = Bytes((name, new MatlabMatrix(0, 4, []))).AsSpan(128).ToArray();
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), 100_000_100);
            var packed = new MemoryStream();
            using (var zip = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            {
                zip.Write(header);
                for (var i = 0; i < 100; i++)
                    zip.Write(new byte[1_000_000]);
            }

            byte[] bytes = [.. Bytes(), 15, 0, 0, 0, .. BitConverter.GetBytes((int)packed.Length), .. packed.ToArray()];
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.NotEmpty(Fault(bytes));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64_000_000);
        }
    }

    private static ImageSize SizeOfReference(string id) => new(50, 40);

    private static string Reference(string name) => Path.Combine(AppContext.BaseDirectory, "Reference", "proposals", name + ".mat");

    private static byte[] Bytes(params (string Name, MatlabMatrix Matrix)[] variables)
    {
        using var stream = new MemoryStream();
        MatlabFile.Write(stream, variables);
        return stream.ToArray();
    }

    private static string Fault(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["bad.mat"], bytes);
        var message = Assert.Throws<InvalidDataException>(() => ProposalFile.Load(folder["bad.mat"], SizeOfReference)).Message;
        Assert.Contains("bad.mat'", message, StringComparison.Ordinal);
        return message;
    }
}
