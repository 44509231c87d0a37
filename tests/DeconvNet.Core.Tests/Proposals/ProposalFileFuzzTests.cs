using DeconvNet.Imaging;
using DeconvNet.Proposals;
using DeconvNet.Proposals.Files;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Proposals;

/// <summary>Files with a fixed row of random damage: each is read or refused with <see cref="InvalidDataException"/>, in little memory.</summary>
public class ProposalFileFuzzTests
{
    private const int Cases = 1000;

    [Theory]
    [InlineData("boxes.txt")]
    [InlineData("boxes.json")]
    [InlineData("a.mat")]
    [InlineData("several.mat")]
    [InlineData("several_compressed.mat")]
    [InlineData("big_endian.mat")]
    public void A_damaged_file_is_read_or_refused(string name)
    {
        using var folder = new TemporaryFolder();
        var sound = Sound(folder, name);
        var random = new Random(name.Length);
        var refused = 0;
        for (var i = 0; i < Cases; i++)
        {
            File.WriteAllBytes(folder[name], DamagedBytes.Of(sound, random));
            var before = GC.GetAllocatedBytesForCurrentThread();
            if (Record.Exception(() => ProposalFile.Load(folder[name], _ => new ImageSize(50, 40))) is { } error)
            {
                Assert.True(error is InvalidDataException, $"case {i}: {error}");
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64_000_000);
        }

        Assert.InRange(refused, 1, Cases - 1);
    }

    private static byte[] Sound(TemporaryFolder folder, string name)
    {
        var reference = Path.Combine(AppContext.BaseDirectory, "Reference", "proposals", name);
        if (File.Exists(reference))
            return File.ReadAllBytes(reference);

        KeyValuePair<string, IReadOnlyList<Proposal>>[] images = [new("a", [new(new PixelBox(-1, 2, 30, 40), 0.5f), new(new PixelBox(0, 0, 50, 40), 0.1f)])];
        if (name.EndsWith(".mat", StringComparison.Ordinal))
            ProposalFile.SaveMatlab(folder.Root, images, _ => new ImageSize(50, 40));
        else
            ProposalFile.Save(folder[name], [.. images, new("b", [])]);
        return File.ReadAllBytes(folder[name]);
    }
}
