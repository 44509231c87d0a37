using DeconvNet.Datasets;
using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Segmentation.Scores;
using DeconvNet.Tests.Datasets;
using DeconvNet.Tests.Support;
using DeconvNet.Training.Distillation;
using DeconvNet.Training.Examples;
using DeconvNet.Training.Stages;

namespace DeconvNet.Tests.Training;

public sealed class SoftTargetTests : IDisposable
{
    private const int Width = 61, Height = 43;
    private const double EightBits = 0.5 / 255;

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void A_pixel_of_an_example_has_the_distribution_of_its_place_in_the_photo()
    {
        // 1.25 photo pixels between columns, 0.5 between rows, beginning left of the photo.
        var view = new PhotoView(-3.2, 1.25, 4.1, 0.5);
        var target = new float[21 * 40 * 40];
        Ramps().Sample(view, new ImageSize(Width, Height), 40, target);

        for (var y = 0; y < 40; y++)
        {
            for (var x = 0; x < 40; x++)
            {
                var (px, py) = (-3.2 + (1.25 * x), 4.1 + (0.5 * y));
                var inside = px is >= 0 and < Width;
                var (cat, dog) = inside ? Expected(px, py) : (0, 0);
                Assert.Equal(cat, target[(8 * 1600) + (y * 40) + x], 2 * EightBits);
                Assert.Equal(dog, target[(12 * 1600) + (y * 40) + x], 2 * EightBits);
                Assert.Equal(inside ? 1 : 0, Enumerable.Range(0, 21).Sum(c => target[(c * 1600) + (y * 40) + x]), 1e-5);
            }
        }
    }

    [Fact]
    public void A_mirrored_example_has_the_mirrored_targets()
    {
        var view = new PhotoView(2.3, 0.9, 1.5, 0.9);
        var (plain, mirrored) = (new float[21 * 400], new float[21 * 400]);
        Ramps().Sample(view, new ImageSize(Width, Height), 20, plain);
        Ramps().Sample(view.Mirrored(20), new ImageSize(Width, Height), 20, mirrored);

        for (var i = 0; i < plain.Length; i++)
            Assert.Equal(plain[i], mirrored[(i / 20 * 20) + 19 - (i % 20)], 1e-6f);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Crops_and_whole_images_take_their_targets_from_where_they_take_their_pixels(bool whole)
    {
        // A photo whose red and green are the probabilities of two classes: what is cut must agree, wherever and however it is cut.
        using var voc = new MiniVoc().WithCat("a", 65, 49).WithSet("train", "a");
        var pixels = new byte[3 * 65 * 49];
        var scores = new float[21 * 65 * 49];
        for (var i = 0; i < 65 * 49; i++)
        {
            var (red, green) = (2 * (i % 65) / 255f, 2 * (i / 65) / 255f);
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = ((byte)(2 * (i % 65)), (byte)(2 * (i / 65)), 255);
            (scores[i], scores[(8 * 65 * 49) + i], scores[(12 * 65 * 49) + i]) = (1 - red - green, red, green);
        }

        // As PNG under the name of a JPEG: the values stay what they are.
        new RgbImage(65, 49, pixels).SavePng(folder["a.png"]);
        File.Copy(folder["a.png"], voc.Image("a"), overwrite: true);
        var data = new VocDataset(voc.Root, "train");
        var soft = SoftTargets.Create(data, new Saying(_ => new ScoreMap(ScoreKind.Probabilities, 21, 65, 49, scores)), cancellationToken: TestContext.Current.CancellationToken);
        var stage = new TrainingStage { Name = "s", Source = whole ? ExampleSource.WholeImages : ExampleSource.ProposalCrops, Iterations = 1, ScaleJitter = 1.3, SoftTargetFraction = 0.5 };
        var source = new ImageSource(data, keep: true, soft);
        IExampleMaker maker = whole ? new WholeImageMaker(source, stage, 32, Rgb) : new CropMaker(source, stage, 32, Rgb);
        var compared = 0;
        for (var position = 0; position < 12; position++)
        {
            var (planes, labels, targets) = (new float[3 * 1024], new byte[1024], new float[21 * 1024]);
            var random = new ExampleRandom(1, 0, position);
            maker.Make(new ExampleWindow(0, whole ? new PixelBox(0, 0, 65, 49) : new PixelBox(5, 9, 50, 44), 0, -1), ref random, planes, labels, targets);
            for (var i = 0; i < 1024; i++)
            {
                // Blue is full inside the photo, and mixed with black across its edge.
                if (planes[2048 + i] < 255)
                    continue;
                Assert.Equal(planes[i] / 255, targets[(8 * 1024) + i], 2.5 / 255);
                Assert.Equal(planes[1024 + i] / 255, targets[(12 * 1024) + i], 2.5 / 255);
                compared++;
            }
        }

        Assert.True(compared > 6000, $"{compared} pixels lay in the photo.");
    }

    [Fact]
    public void Files_keep_targets_and_are_equal_for_equal_targets()
    {
        using var scenes = new DrawnScenes();
        var soft = ColorTeacher.Ask(scenes.Dataset);
        soft.Save(folder["one.npz"]);
        var loaded = SoftTargets.Load(folder["one.npz"]);
        loaded.Save(folder["two.npz"]);

        Assert.Equal(["a", "b", "c", "d"], loaded.Ids);
        Assert.Equal(soft.Hash(["a", "b", "c", "d"]), loaded.Hash(["a", "b", "c", "d"]));
        Assert.NotEqual(soft.Hash(["a", "b"]), loaded.Hash(["a", "c"]));
        Assert.Equal(File.ReadAllBytes(folder["one.npz"]), File.ReadAllBytes(folder["two.npz"]));
        Assert.Equal(18, loaded.ClassCount);
        Assert.Contains("'a' has soft targets already", Assert.Throws<InvalidDataException>(() => SoftTargets.Load(folder["one.npz"], folder["two.npz"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_targets_of_DeepLab_are_read_as_their_description_says()
    {
        var soft = SoftTargets.Load(SharedData.Path("teacher", "soft_targets_train.npz"));
        var target = soft.Find("2007_000032", new ImageSize(500, 281))!;

        Assert.Equal(916, soft.Ids.Count);
        Assert.Equal(21, soft.ClassCount);
        byte[] At(int row, int column) => [.. Enumerable.Range(0, 8).Select(plane => target.Planes[(((plane * target.Rows) + row) * target.Columns) + column])];
        Assert.Equal([0, 1, 255, 255, 254, 1, 0, 0], At(17, 20));
        Assert.Equal([0, 1, 7, 15, 208, 43, 2, 1], At(20, 30));
        Assert.Contains("another size", Assert.Throws<InvalidDataException>(() => soft.Find("2007_000032", new ImageSize(250, 140))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Asking_a_teacher_can_be_stopped_and_goes_on_where_it_was()
    {
        using var scenes = new DrawnScenes();
        using var stop = new CancellationTokenSource();
        var asked = 0;
        var teacher = new Saying(photo =>
        {
            if (++asked == 2)
                stop.Cancel();
            return ColorTeacher.Scores(photo);
        });
        Assert.Throws<OperationCanceledException>(() => SoftTargets.Create(scenes.Dataset, teacher, folder["soft.npz"], cancellationToken: stop.Token));
        Assert.Equal(["a", "b"], SoftTargets.Load(folder["soft.npz"]).Ids);

        var soft = SoftTargets.Create(scenes.Dataset, teacher, folder["soft.npz"], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(4, asked);
        Assert.Equal(ColorTeacher.Ask(scenes.Dataset).Hash(scenes.Dataset.Ids), soft.Hash(scenes.Dataset.Ids));
    }

    [Fact]
    public void Bad_files_are_refused_by_name()
    {
        Assert.Throws<ArgumentException>(() => SoftTargets.Load());
        Write("shape.npz", "(4, 1, 1)", new byte[4]);
        Write("empty.npz", "(8, 1, 1)", new byte[8]);
        Write("none.npz", "(8, 1, 1)", [255, 255, 255, 255, 255, 0, 0, 0]);
        Assert.Contains("[4, 1, 1]; soft targets are bytes of shape [8, rows, columns]", Refused("shape.npz"), StringComparison.Ordinal);
        Assert.Contains("node (0, 0) has no class", Refused("empty.npz"), StringComparison.Ordinal);
        Assert.Contains("class 255", Refused("none.npz"), StringComparison.Ordinal);

        string Refused(string name) => Assert.Throws<InvalidDataException>(() => SoftTargets.Load(folder[name])).Message;

        void Write(string name, string shape, byte[] values)
        {
            using var zip = System.IO.Compression.ZipFile.Open(folder[name], System.IO.Compression.ZipArchiveMode.Create);
            using var array = zip.CreateEntry("a.npy").Open();
            array.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, 118, 0]);
            array.Write(System.Text.Encoding.ASCII.GetBytes($"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}".PadRight(117) + "\n"));
            array.Write(values);
        }
    }

    public void Dispose() => folder.Dispose();

    private static Preprocessing Rgb { get; } = new() { Order = ChannelOrder.Rgb, Scale = ChannelValues.All(1), Mean = ChannelValues.All(0) };

    // Linear in the photo's pixels, so that interpolation between nodes is exact but for the 8 bits; flat beyond the last pixel center, as the edge is.
    private static (double Cat, double Dog) Expected(double x, double y) =>
        (Math.Clamp(x - 0.5, 0, Width - 1) / 200, 0.1 + (Math.Clamp(y - 0.5, 0, Height - 1) / 200));

    private static SoftTarget Ramps()
    {
        var values = new float[21 * Width * Height];
        for (var i = 0; i < Width * Height; i++)
        {
            var (cat, dog) = Expected((i % Width) + 0.5, (i / Width) + 0.5);
            values[(8 * Width * Height) + i] = (float)cat;
            values[(12 * Width * Height) + i] = (float)dog;
            values[i] = (float)(1 - cat - dog);
        }

        return SoftTarget.Of(new ScoreMap(ScoreKind.Probabilities, 21, Width, Height, values), new ImageSize(Width, Height));
    }

    private sealed class Saying(Func<RgbImage, ScoreMap> scores) : ISegmenter
    {
        public IReadOnlyList<string> ClassNames => VocClasses.Names;

        public SegmentationResult Segment(RgbImage image, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default) =>
            new(image, new LabelMap(image.Width, image.Height, new byte[image.Width * image.Height]), ClassNames) { Scores = scores(image) };

        public void Dispose()
        {
        }
    }
}
