using DeconvNet.Imaging;
using DeconvNet.Training.Examples;
using DeconvNet.Training.Stages;

namespace DeconvNet.Tests.Training;

public sealed class ExampleTests : IDisposable
{
    private readonly DrawnScenes scenes = new();

    [Fact]
    public void The_random_numbers_of_an_example_depend_on_its_place_alone()
    {
        static ulong First(int seed, int stage, long position) => new ExampleRandom(seed, stage, position).Next();

        Assert.Equal(First(1, 0, 42), First(1, 0, 42));
        var others = new[] { First(1, 0, 42), First(2, 0, 42), First(1, 1, 42), First(1, 0, 43) };
        Assert.Equal(4, others.Distinct().Count());
    }

    [Fact]
    public void The_random_numbers_are_uniform()
    {
        var counts = new int[10];
        for (var position = 0; position < 20_000; position++)
            counts[new ExampleRandom(1, 0, position).NextInt(10)]++;

        // 2000 expected, standard deviation 42
        Assert.All(counts, count => Assert.InRange(count, 1790, 2210));
    }

    [Theory]
    [InlineData(1.0, 0.5)]
    [InlineData(0.0, 0.9)]
    [InlineData(0.5, 0.75)]
    public void Class_balance_decides_how_often_a_frequent_class_is_drawn(double balance, double share)
    {
        var windows = Enumerable.Range(0, 90).Select(i => new ExampleWindow(i, default, 15, 0))
            .Concat(Enumerable.Range(0, 10).Select(i => new ExampleWindow(i, default, 8, 0)));
        var sampler = new ExampleSampler(windows, balance, [], 0);
        var frequent = 0;
        for (var position = 0; position < 10_000; position++)
        {
            var random = new ExampleRandom(1, 0, position);
            frequent += sampler.Draw(ref random).ClassId == 15 ? 1 : 0;
        }

        Assert.Equal(share, frequent / 10_000.0, 0.02);
    }

    [Fact]
    public void Every_window_of_a_class_is_drawn_alike()
    {
        var sampler = new ExampleSampler(Enumerable.Range(0, 5).Select(i => new ExampleWindow(i, default, 1 + (i % 2), 0)), 0, [], 0);
        var counts = new int[5];
        for (var position = 0; position < 10_000; position++)
        {
            var random = new ExampleRandom(1, 0, position);
            counts[sampler.Draw(ref random).Image]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 1800, 2200));
    }

    [Fact]
    public void Stage_one_shows_its_object_in_the_center_and_all_else_as_background()
    {
        // Photo d: a cat at 4..30 × 8..34, a dog at 34..62 × 26..60.
        var stage = DrawnScenes.Recipe(1, 1).Stages[0] with { ResizeFactor = 1, Mirror = false };
        var windows = ExampleWindows.OfObjects(new ImageSource(scenes.Dataset, keep: false), stage, TestContext.Current.CancellationToken);
        var cat = windows.Single(window => window is { Image: 3, ClassId: 8 });
        var labels = Labels(stage, cat);

        // The window ends inside the photo, so nothing is void.
        Assert.Equal([0, 8], labels.Distinct().Order().ToArray());
        Assert.Equal(8, labels[(16 * 32) + 16]);
        // 26 px of the object in 31 px of the window, on both axes
        Assert.Equal(26.0 * 26 / (31 * 31), labels.Count(label => label == 8) / 1024.0, 0.06);
    }

    [Fact]
    public void Objects_that_are_too_small_or_too_hard_are_left_out_where_the_stage_says_so()
    {
        using var voc = new DeconvNet.Tests.Datasets.MiniVoc();
        voc.WithCat("x").WithSet("train", "x");
        var data = new DeconvNet.Datasets.VocDataset(voc.Root, "train");
        var stage = DrawnScenes.Recipe(1, 1).Stages[0];

        // The cat is 6 × 4 pixels.
        Assert.Single(ExampleWindows.OfObjects(new ImageSource(data, keep: false), stage with { MinObjectSide = 6, IncludeDifficult = false }, TestContext.Current.CancellationToken));
        Assert.Empty(ExampleWindows.OfObjects(new ImageSource(data, keep: false), stage with { MinObjectSide = 7 }, TestContext.Current.CancellationToken));

        File.WriteAllText(voc.Annotation("x"), File.ReadAllText(voc.Annotation("x")).Replace("<name>cat</name>", "<name>cat</name><difficult>1</difficult>", StringComparison.Ordinal));
        data = new DeconvNet.Datasets.VocDataset(voc.Root, "train");
        Assert.Single(ExampleWindows.OfObjects(new ImageSource(data, keep: false), stage, TestContext.Current.CancellationToken));
        Assert.Empty(ExampleWindows.OfObjects(new ImageSource(data, keep: false), stage with { IncludeDifficult = false }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Stage_two_shows_all_classes_of_a_proposal()
    {
        var stage = DrawnScenes.Recipe(1, 1).Stages[1] with { ResizeFactor = 1, Mirror = false };
        var labels = Labels(stage, new ExampleWindow(3, new PixelBox(0, 0, 64, 64), 8, -1));

        Assert.Equal([0, 8, 12, LabelMap.Void], labels.Distinct().Order().ToArray());
    }

    [Fact]
    public void Instance_masks_decide_where_they_exist()
    {
        using var voc = new DeconvNet.Tests.Datasets.MiniVoc();
        voc.WithCat("x").WithSet("train", "x");
        var instances = new byte[16 * 12];
        instances[(2 * 16) + 3] = 1;
        instances[(2 * 16) + 4] = 2;
        new LabelMap(16, 12, instances).SavePng(voc.InstanceMask("x"));
        var data = new DeconvNet.Datasets.VocDataset(voc.Root, "train");
        var stage = DrawnScenes.Recipe(1, 1).Stages[0] with { ResizeFactor = 1, Mirror = false };
        var (planes, labels) = (new float[3 * 32 * 32], new byte[32 * 32]);
        var random = new ExampleRandom(1, 0, 0);
        new CropMaker(new ImageSource(data, keep: true), stage, 32, Preprocessing.Caffe).Make(new ExampleWindow(0, new PixelBox(2, 1, 8, 5), 8, 0), ref random, planes, labels, soft: []);

        // One pixel of the window's 7 × 7 is the first instance.
        Assert.Equal(1024.0 / 49, labels.Count(label => label == 8), 8.0);
    }

    [Fact]
    public void Only_proposals_with_enough_overlap_are_examples_of_stage_two()
    {
        var proposals = Enumerable.Range(0, scenes.Dataset.Count).Select(_ => (IReadOnlyList<DeconvNet.Proposals.Proposal>)
            [new(new PixelBox(4, 8, 30, 34), 1), new(new PixelBox(0, 0, 9, 9), 0.5f)]).ToArray();
        var (overlapping, any) = ExampleWindows.OfProposals(new ImageSource(scenes.Dataset, keep: false), proposals, 0.5, TestContext.Current.CancellationToken);

        Assert.Contains(overlapping, window => window is { Image: 3, ClassId: 8, Object: -1 } && window.Box == new PixelBox(4, 8, 30, 34));
        Assert.DoesNotContain(overlapping, window => window.Box == new PixelBox(0, 0, 9, 9));
        Assert.Equal(3 * scenes.Dataset.Count, any.Length);
    }

    public void Dispose() => scenes.Dispose();

    private byte[] Labels(TrainingStage stage, ExampleWindow window)
    {
        var (planes, labels) = (new float[3 * 32 * 32], new byte[32 * 32]);
        var random = new ExampleRandom(1, 0, 0);
        new CropMaker(new ImageSource(scenes.Dataset, keep: false), stage, 32, Preprocessing.Caffe).Make(window, ref random, planes, labels, soft: []);
        return labels;
    }
}
