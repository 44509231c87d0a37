using DeconvNet.Datasets;
using DeconvNet.Evaluation;
using DeconvNet.Evaluation.Metrics;
using DeconvNet.Imaging;
using DeconvNet.Tests.Data;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Evaluation;

public sealed class EvaluationFolderTests : IDisposable
{
    private readonly MiniVoc voc = new MiniVoc().WithCat("a").WithCat("b", width: 20).WithCat("c", height: 14).WithCat("d", width: 30).WithCat("e")
        .WithSet("val", "a", "b", "c", "d", "e");

    private readonly TemporaryFolder folder = new();
    private readonly ConstantSegmenter cats = new(VocClasses.Names, 8);
    private readonly ConstantSegmenter nothing = new(VocClasses.Names, 0);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private VocDataset Images => new(voc.Root, "val");

    private EvaluationMethod[] Methods => [new("cats", cats) { Description = "one" }, new("nothing", nothing) { Description = "two" }];

    public void Dispose()
    {
        folder.Dispose();
        voc.Dispose();
    }

    [Fact]
    public void Several_methods_score_as_each_alone()
    {
        var reports = SegmentationEvaluator.Evaluate(Methods, Images, new EvaluationFolder(folder["out"]), cancellationToken: Token);

        Assert.Equal(["cats", "nothing"], reports.Select(report => report.Method));
        Assert.Equal(cats.Evaluate(Images, cancellationToken: Token).Confusion.ToJson(), reports[0].Confusion.ToJson());
        Assert.Equal(nothing.Evaluate(Images, cancellationToken: Token).Confusion.ToJson(), reports[1].Confusion.ToJson());
    }

    [Fact]
    public void What_is_finished_is_not_done_again_and_counts_the_same()
    {
        var store = new EvaluationFolder(folder["out"]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var whole = SegmentationEvaluator.Evaluate(Methods, Images, folder: null, cancellationToken: Token);
        var callsOfWhole = cats.Calls;

        Assert.Throws<OperationCanceledException>(() => SegmentationEvaluator.Evaluate(Methods, Images, store, new StopAfter(2, stop), stop.Token));
        var resumed = SegmentationEvaluator.Evaluate(Methods, Images, store, cancellationToken: Token);

        Assert.Equal(callsOfWhole + 5, cats.Calls);
        Assert.Equal(whole.Select(report => report.Confusion.ToJson()), resumed.Select(report => report.Confusion.ToJson()));
        Assert.Equal(5, resumed[0].ImageCount);
    }

    [Fact]
    public void The_sum_of_shards_is_the_whole()
    {
        var whole = SegmentationEvaluator.Evaluate(Methods, Images, folder: null, cancellationToken: Token);
        var sum = new ConfusionMatrix(VocClasses.Names.Count);
        var gathered = new EvaluationFolder(folder["gathered"]);
        for (var shard = 1; shard <= 3; shard++)
        {
            var part = new EvaluationFolder(folder["part" + shard]);
            var images = Images.Shard(shard, 3);
            Assert.InRange(images.Count, 1, 2);
            sum.Merge(SegmentationEvaluator.Evaluate(Methods, images, part, cancellationToken: Token)[0].Confusion);
            Assert.Equal(2 * images.Count, gathered.MergeFrom(part));
        }

        var calls = cats.Calls;
        var together = SegmentationEvaluator.Evaluate(Methods, Images, gathered, cancellationToken: Token);
        Assert.Equal(calls, cats.Calls);
        Assert.Equal(whole[0].Confusion.ToJson(), sum.ToJson());
        Assert.Equal(whole.Select(report => report.Confusion.ToJson()), together.Select(report => report.Confusion.ToJson()));
        Assert.Equal(0, gathered.MergeFrom(new EvaluationFolder(folder["part1"])));
        Assert.Empty(VocSubmission.Check(gathered.FolderOf("cats"), Images));
    }

    [Fact]
    public void Results_made_in_another_way_are_refused()
    {
        var store = new EvaluationFolder(folder["out"]);
        SegmentationEvaluator.Evaluate(Methods, Images.Take(1), store, cancellationToken: Token);

        EvaluationMethod[] other = [new("cats", nothing) { Description = "three" }];
        var error = Assert.Throws<InvalidDataException>(() => SegmentationEvaluator.Evaluate(other, Images, store, cancellationToken: Token));
        Assert.Contains("three", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"one\"", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"id":"a","milliseconds":1,"counts":[[0,21,5]]}""")]
    [InlineData("""{"id":"a","milliseconds":1,"counts":[[0,0,-5]]}""")]
    [InlineData("""{"id":"a","milliseconds":1,"counts":[[0,0]]}""")]
    [InlineData("""{"id":"a","milliseconds":1,"counts":[[0,0,1.5]]}""")]
    [InlineData("""{"id":"a","milliseconds":1e300,"counts":[]}""")]
    [InlineData("""{"id":"a","milliseconds":1,"counts":[null]}""")]
    [InlineData("""{"id":"a","milliseconds":1}""")]
    [InlineData("""{"id":null,"milliseconds":1,"counts":[]}""")]
    [InlineData("null")]
    public void A_damaged_score_is_named(string content)
    {
        var store = new EvaluationFolder(folder["out"]);
        SegmentationEvaluator.Evaluate(Methods, Images, store, cancellationToken: Token);
        var score = Path.Combine(store.FolderOf("cats"), "scores", "a.json");
        File.WriteAllText(score, content);

        var error = Assert.Throws<InvalidDataException>(() => SegmentationEvaluator.Evaluate(Methods, Images, store, cancellationToken: Token));
        Assert.Contains(score, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_score_of_another_image_is_refused()
    {
        var store = Evaluated("out");
        File.Copy(ScorePath(store, "a"), ScorePath(store, "b"), overwrite: true);

        Assert.Contains("score of 'a', not of 'b'", Assert.Throws<InvalidDataException>(() => SegmentationEvaluator.Evaluate(Methods, Images, store, cancellationToken: Token)).Message, StringComparison.Ordinal);
        AssertNotTaken(store, ScorePath(store, "b"));
    }

    [Fact]
    public void A_broken_mask_is_not_taken()
    {
        var store = Evaluated("out");
        var mask = Path.Combine(VocSubmission.MaskFolder(store.FolderOf("cats")), "c.png");
        File.WriteAllBytes(mask, File.ReadAllBytes(mask)[..^9]);
        AssertNotTaken(store, mask);

        new LabelMap(16, 14, [.. Enumerable.Repeat((byte)200, 16 * 14)]).SavePng(mask);
        AssertNotTaken(store, mask);

        new LabelMap(2, 2, new byte[4]).SavePng(mask);
        AssertNotTaken(store, mask);
    }

    [Fact]
    public void A_link_is_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        var store = Evaluated("out");
        var secret = folder["secret"];
        File.Copy(ScorePath(store, "a"), secret);
        foreach (var path in (string[])[ScorePath(store, "a"), Path.Combine(VocSubmission.MaskFolder(store.FolderOf("cats")), "a.png")])
        {
            var original = File.ReadAllBytes(path);
            File.Delete(path);
            File.CreateSymbolicLink(path, secret);
            AssertNotTaken(store, path);
            File.Delete(path);
            File.WriteAllBytes(path, original);
        }

        Directory.Move(store.FolderOf("cats"), folder["elsewhere"]);
        Directory.CreateSymbolicLink(store.FolderOf("cats"), folder["elsewhere"]);
        AssertNotTaken(store, store.FolderOf("cats"));
    }

    [Fact]
    public void A_method_in_a_folder_of_another_name_is_refused_with_both_names()
    {
        var store = Evaluated("out");
        Directory.Move(store.FolderOf("cats"), store.FolderOf("dogs"));
        AssertNotTaken(store, "'cats'", "'dogs'");
    }

    [Fact]
    public void A_method_without_results_gives_nothing()
    {
        var store = Evaluated("out");
        foreach (var method in (string[])["cats", "nothing"])
            Directory.Delete(Path.Combine(store.FolderOf(method), "scores"), recursive: true);
        Assert.Equal(0, new EvaluationFolder(folder["gathered"]).MergeFrom(store));
        Assert.Throws<DirectoryNotFoundException>(() => store.MergeFrom(new EvaluationFolder(folder["nowhere"])));
        Assert.Throws<ArgumentException>(() => store.MergeFrom(new EvaluationFolder(folder["out"])));
    }

    [Fact]
    public void A_second_evaluation_in_the_folder_is_refused_while_the_first_runs()
    {
        var store = new EvaluationFolder(folder["out"]);
        IOException? refused = null, notTaken = null;
        SegmentationEvaluator.Evaluate(Methods, Images, store, new Listener(step =>
        {
            if (step.Done != 2)
                return;
            refused = Assert.Throws<IOException>(() => SegmentationEvaluator.Evaluate(Methods, Images, new EvaluationFolder(folder["out"]), cancellationToken: Token));
            notTaken = Assert.Throws<IOException>(() => store.MergeFrom(new EvaluationFolder(Directory.CreateDirectory(folder["empty"]).FullName)));
        }), Token);

        Assert.Contains($"Another evaluation works in {folder["out"]}", refused!.Message, StringComparison.Ordinal);
        Assert.Equal(refused.Message, notTaken!.Message);
        Assert.Equal(5, SegmentationEvaluator.Evaluate(Methods, Images, store, cancellationToken: Token)[0].ImageCount);
        Assert.Equal(["cats", "nothing"], Directory.EnumerateFileSystemEntries(folder["out"]).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void What_a_killed_evaluation_left_is_removed_and_locks_nothing()
    {
        var store = Evaluated("out");
        File.WriteAllText(Path.Combine(folder["out"], ".lock"), "");
        string[] left = [.. new[] { Path.GetDirectoryName(ScorePath(store, "a"))!, store.FolderOf("cats"), VocSubmission.MaskFolder(store.FolderOf("cats")) }.Select(each => Path.Combine(each, ".deconvnet-1f.tmp"))];
        foreach (var path in left)
            File.WriteAllText(path, "half");

        SegmentationEvaluator.Evaluate(Methods, Images, store, cancellationToken: Token);

        Assert.DoesNotContain(left, File.Exists);
        Assert.False(File.Exists(Path.Combine(folder["out"], ".lock")));
        Assert.Empty(VocSubmission.Check(store.FolderOf("cats"), Images));
    }

    [Fact]
    public void Images_without_masks_are_segmented_into_a_folder()
    {
        Directory.Delete(Path.Combine(voc.Root, "SegmentationClass"), recursive: true);
        var store = new EvaluationFolder(folder["out"]);

        var report = SegmentationEvaluator.Evaluate(Methods, Images, store, cancellationToken: Token)[0];

        Assert.Equal(0, report.Confusion.PixelCount);
        Assert.Empty(VocSubmission.Check(store.FolderOf("cats"), Images));
        Assert.Throws<FileNotFoundException>(() => cats.Evaluate(Images, cancellationToken: Token));
    }

    [Fact]
    public void Images_of_subfolders_are_kept_taken_and_resumed()
    {
        using var set = new FolderSet().With("a", 1).With("day/b", 1).With("day/night/c", 0).With("day/b.json", 1);
        var images = new FolderDataset(set.Root, ["background", "cat"]);
        var cat = new ConstantSegmenter(images.ClassNames, 1);
        EvaluationMethod[] methods = [new("cats", cat)];
        var (store, gathered) = (new EvaluationFolder(folder["out"]), new EvaluationFolder(folder["gathered"]));

        var whole = SegmentationEvaluator.Evaluate(methods, images, store, cancellationToken: Token)[0];
        File.WriteAllText(Path.Combine(store.FolderOf("cats"), "scores", "day", ".deconvnet-1f.tmp"), "half");
        Assert.Equal(4, gathered.MergeFrom(store));
        var calls = cat.Calls;
        SegmentationEvaluator.Evaluate(methods, images, store, cancellationToken: Token);
        var again = SegmentationEvaluator.Evaluate(methods, images, gathered, cancellationToken: Token)[0];

        Assert.Equal(calls, cat.Calls);
        Assert.True(File.Exists(ScorePath(store, "day/night/c")));
        Assert.False(File.Exists(Path.Combine(store.FolderOf("cats"), "scores", "day", ".deconvnet-1f.tmp")));
        Assert.Equal(whole.Confusion.ToJson(), again.Confusion.ToJson());
        Assert.Empty(VocSubmission.Check(store.FolderOf("cats"), images));
        Assert.Single(VocSubmission.Check(store.FolderOf("cats"), images.Where(id => id != "day/night/c")));
    }

    [Fact]
    public void An_id_that_leads_out_of_the_folder_is_refused()
    {
        var score = new ImageScore("../../../escaped", new ConfusionMatrix(2), TimeSpan.Zero);

        var error = Assert.Throws<ArgumentException>(() => Evaluated("out").Save("cats", score, new LabelMap(1, 1, new byte[1])));

        Assert.Contains("'../../../escaped'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(folder.Root, "*", SearchOption.AllDirectories), path => path.Contains("escaped", StringComparison.Ordinal));
    }

    [Fact]
    public void A_submission_with_faults_is_told_file_by_file()
    {
        var store = new EvaluationFolder(folder["out"]);
        SegmentationEvaluator.Evaluate(Methods, Images, store, cancellationToken: Token);
        var root = store.FolderOf("nothing");
        var masks = VocSubmission.MaskFolder(root);
        Assert.EndsWith(Path.Combine("results", "VOC2012", "Segmentation", "comp6_test_cls"), masks, StringComparison.Ordinal);
        File.Delete(Path.Combine(masks, "a.png"));
        new LabelMap(3, 2, new byte[6]).SavePng(Path.Combine(masks, "b.png"));
        new LabelMap(16, 14, [.. Enumerable.Repeat((byte)21, 16 * 14)]).SavePng(Path.Combine(masks, "c.png"));
        File.WriteAllText(Path.Combine(masks, "d.png"), "no picture");
        File.WriteAllText(Path.Combine(masks, "notes.txt"), "");

        var problems = VocSubmission.Check(root, Images);

        Assert.Equal(5, problems.Count);
        Assert.Contains("missing", problems[0], StringComparison.Ordinal);
        Assert.Contains("3×2", problems[1], StringComparison.Ordinal);
        Assert.Contains("class 21", problems[2], StringComparison.Ordinal);
        Assert.Contains("d.png", problems[3], StringComparison.Ordinal);
        Assert.Contains("notes.txt", problems[4], StringComparison.Ordinal);
        Assert.Single(VocSubmission.Check(folder["nowhere"], Images));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("")]
    public void A_name_that_is_no_folder_is_refused(string name) => Assert.ThrowsAny<ArgumentException>(() => new EvaluationFolder(folder["out"]).FolderOf(name));

    [Fact]
    public void Methods_need_names_of_their_own() => Assert.Throws<ArgumentException>(
        () => SegmentationEvaluator.Evaluate([new("x", cats), new("X", nothing)], Images, folder: null, cancellationToken: Token));

    [Theory]
    [InlineData(0, 3)]
    [InlineData(4, 3)]
    [InlineData(1, 0)]
    public void A_shard_that_does_not_exist_is_refused(int number, int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Images.Shard(number, count));

    private static string ScorePath(EvaluationFolder store, string id) => Path.Combine(store.FolderOf("cats"), "scores", id + ".json");

    private EvaluationFolder Evaluated(string name)
    {
        var store = new EvaluationFolder(folder[name]);
        SegmentationEvaluator.Evaluate(Methods, Images, store, cancellationToken: Token);
        return store;
    }

    /// <summary>Taking from the folder fails with a message that names what is wrong, and copies no fault.</summary>
    private void AssertNotTaken(EvaluationFolder store, params string[] named)
    {
        var target = new EvaluationFolder(folder["gathered" + Guid.NewGuid()]);
        var error = Assert.Throws<InvalidDataException>(() => target.MergeFrom(store));
        Assert.All(named, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        if (File.Exists(named[0]))
            Assert.DoesNotContain(Path.GetFileName(named[0]), Directory.EnumerateFiles(target.Root, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    private sealed class Listener(Action<EvaluationProgress> listen) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value) => listen(value);
    }

    private sealed class StopAfter(int images, CancellationTokenSource source) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value)
        {
            if (value.Done == images)
                source.Cancel();
        }
    }
}
