using DeconvNet.Datasets;
using DeconvNet.Imaging;
using DeconvNet.Tests.Datasets;
using DeconvNet.Training.Examples;
using DeconvNet.Training.Stages;

namespace DeconvNet.Tests.Training;

public sealed class WholeImageTests : IDisposable
{
    private static readonly TrainingStage Stage = new() { Name = "whole", Source = ExampleSource.WholeImages, Iterations = 1, Mirror = false };

    private readonly MiniVoc folder = new();

    [Fact]
    public void A_photo_fills_the_canvas_with_its_longer_side_and_the_rest_is_void_and_zero()
    {
        var (planes, labels) = Make(Stage, 16, photoWidth: 32, photoHeight: 16, position: 3);
        var rows = Enumerable.Range(0, 16).Where(y => labels[y * 16] != LabelMap.Void).ToArray();

        Assert.Equal(8, rows.Length);
        Assert.Equal(Enumerable.Range(rows[0], 8), rows);
        for (var i = 0; i < 256; i++)
        {
            var isPhoto = rows.Contains(i / 16);
            Assert.Equal(isPhoto ? (byte)8 : LabelMap.Void, labels[i]);
            for (var plane = 0; plane < 3; plane++)
                Assert.Equal(isPhoto, planes[(plane * 256) + i] != 0);
        }
    }

    [Fact]
    public void Places_and_scales_differ_from_example_to_example_and_a_large_photo_leaves_nothing_void()
    {
        var jitter = Stage with { ScaleJitter = 2 };
        var voids = Enumerable.Range(0, 40).Select(position => Make(jitter, 16, 20, 20, position).Labels.Count(label => label == LabelMap.Void)).ToArray();

        Assert.True(voids.Distinct().Count() > 5);
        Assert.InRange(voids.Count(count => count == 0), 10, 30);
        Assert.All(voids, count => Assert.InRange(count, 0, 256 - 64));
    }

    [Fact]
    public void Mirrored_examples_are_mirrored_in_photo_and_labels()
    {
        var mirrored = 0;
        for (var position = 0; position < 20; position++)
        {
            var (plain, labels) = Make(Stage, 16, 16, 16, position, half: true);
            var (turned, turnedLabels) = Make(Stage with { Mirror = true }, 16, 16, 16, position, half: true);
            if (labels.SequenceEqual(turnedLabels))
                continue;
            mirrored++;
            for (var y = 0; y < 16; y++)
            {
                Assert.Equal(labels.Skip(y * 16).Take(16).Reverse(), turnedLabels.Skip(y * 16).Take(16));
                Assert.Equal(plain.Skip(y * 16).Take(16).Reverse(), turned.Skip(y * 16).Take(16));
            }
        }

        Assert.InRange(mirrored, 4, 16);
    }

    [Fact]
    public void Each_class_of_a_mask_makes_its_image_a_candidate()
    {
        using var scenes = new DrawnScenes();
        var windows = ExampleWindows.OfImages(new ImageSource(scenes.Dataset, keep: false), TestContext.Current.CancellationToken);

        Assert.Equal([(0, 8), (1, 12), (2, 17), (3, 8), (3, 12)], windows.Select(window => (window.Image, window.ClassId)));
    }

    public void Dispose() => folder.Dispose();

    private (float[] Planes, byte[] Labels) Make(TrainingStage stage, int size, int photoWidth, int photoHeight, int position, bool half = false)
    {
        var pixels = new byte[3 * photoWidth * photoHeight];
        var classes = new byte[photoWidth * photoHeight];
        for (var i = 0; i < classes.Length; i++)
        {
            var isLeft = i % photoWidth < photoWidth / 2;
            pixels.AsSpan(3 * i, 3).Fill(isLeft || !half ? (byte)250 : (byte)10);
            classes[i] = isLeft || !half ? (byte)8 : (byte)0;
        }

        new RgbImage(photoWidth, photoHeight, pixels).SavePng(folder.Image("x"));
        new LabelMap(photoWidth, photoHeight, classes).SavePng(folder.Mask("x"));
        folder.WithSet("train", "x");
        var data = new VocDataset(folder.Root, "train");
        var (planes, labels) = (new float[3 * size * size], new byte[size * size]);
        var random = new ExampleRandom(1, 0, position);
        new WholeImageMaker(new ImageSource(data, keep: false), stage, size, Preprocessing.Caffe)
            .Make(new ExampleWindow(0, new PixelBox(0, 0, photoWidth, photoHeight), 8, -1), ref random, planes, labels, soft: []);
        return (planes, labels);
    }
}
