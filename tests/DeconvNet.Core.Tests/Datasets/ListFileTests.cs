using DeconvNet.Datasets;
using DeconvNet.Tests.Support;
using DeconvNet.Weights;

namespace DeconvNet.Tests.Datasets;

/// <summary>Lists of ids, photos, classes and colors that never end: refused in memory that does not grow with them, and in time that does not grow with their square.</summary>
public sealed class ListFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly MiniVoc voc = new();
    private readonly FolderSet set = new();

    public void Dispose()
    {
        folder.Dispose();
        voc.Dispose();
        set.Dispose();
    }

    [Fact]
    public void A_line_without_end_is_refused()
    {
        File.WriteAllText(folder["list.txt"], new string('x', 20_000_000));
        Refused(() => ClassNamesFile.Read(folder["list.txt"]));
        Refused(() => ColorMap.Load(folder["list.txt"]));
        File.Copy(folder["list.txt"], Path.Combine(voc.Root, "ImageSets", "Segmentation", "endless.txt"));
        Refused(() => new VocDataset(voc.Root, "endless"));
        set.With("a", 1).WithFile("list.txt", File.ReadAllText(folder["list.txt"]));
        Refused(() => new FolderDataset(set.Root, new FolderDatasetOptions { ClassNames = ["background", "cat"], List = "list.txt" }));
    }

    [Fact]
    public void Classes_without_end_are_refused_at_the_first_that_is_too_many()
    {
        File.WriteAllLines(folder["classes.txt"], Enumerable.Range(0, 500_000).Select(i => $"class{i}"));
        Refused(() => ClassNamesFile.Read(folder["classes.txt"]), "more than 255 classes");
        File.WriteAllLines(folder["labelmap.txt"], Enumerable.Range(0, 500_000).Select(i => $"background:{i >> 16},{(i >> 8) & 255},{i & 255}::"));
        Refused(() => ColorMap.Load(folder["labelmap.txt"]), "line 256");
    }

    [Fact]
    public void A_folder_in_place_of_a_file_is_called_a_folder()
    {
        Refused(() => VocAnnotation.Load(folder.Root), "is a folder");
        Refused(() => ClassNamesFile.Read(folder.Root), "is a folder");
        Refused(() => WeightsContents.ComputeSha256(folder.Root), "is a folder");
    }

    private static void Refused(Func<object?> action, string message = "longer than")
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(message, Assert.Throws<InvalidDataException>(action).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3_000_000);
    }
}
