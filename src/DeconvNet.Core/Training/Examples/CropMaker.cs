using DeconvNet.Imaging;
using DeconvNet.Training.Distillation;
using DeconvNet.Training.Stages;

namespace DeconvNet.Training.Examples;

/// <summary>Cuts a window out of its image and converts it to network input and targets, with random crop and mirroring. Thread-safe.</summary>
internal sealed class CropMaker(ImageSource source, TrainingStage stage, int inputSize, Preprocessing preprocessing) : IExampleMaker
{
    private readonly int resized = Math.Max(inputSize, (int)Math.Round(inputSize * stage.ResizeFactor));

    public void Make(ExampleWindow window, ref ExampleRandom random, Span<float> planes, Span<byte> labels, Span<float> soft)
    {
        var jitter = Math.Pow(stage.ScaleJitter, (2 * random.NextDouble()) - 1);
        var mirror = stage.Mirror && (random.Next() & 1) == 1;
        var row = random.NextInt(resized - inputSize + 1);
        var column = random.NextInt(resized - inputSize + 1);

        var changes = new Augmentation(stage.Augmentation, ref random);

        var square = window.Box.ToSquare(stage.ContextFactor * jitter);
        var inner = new PixelBox(column, row, column + inputSize, row + inputSize);
        var cut = source.Image(window.Image).Crop(square);
        var image = (stage.Antialias ? cut.ResizeAntialiased(resized, resized) : cut.ResizeBilinear(resized, resized)).Crop(inner);
        var map = Truth(window).Crop(square).ResizeNearest(resized, resized).Crop(inner);
        if (mirror)
            (image, map) = (image.FlipHorizontal(), map.FlipHorizontal());
        (image, map) = changes.Apply(image, map);

        preprocessing.Apply(image.Pixels, planes);
        map.Pixels.CopyTo(labels);
        if (soft.IsEmpty || source.SoftTarget(window.Image) is not { } target || !stage.AsksTeacher(source.IsUnlabeled(window.Image)))
            return;
        var step = (double)square.Width / resized;
        var view = new PhotoView(square.X0 + ((column + 0.5) * step), step, square.Y0 + ((row + 0.5) * step), step);
        target.Sample(mirror ? view.Mirrored(inputSize) : view, source.Image(window.Image).Size, inputSize, soft);
    }

    private LabelMap Truth(ExampleWindow window)
    {
        var map = source.Labels(window.Image);
        if (window.Object < 0)
            return map;

        var labels = map.Pixels.ToArray();
        if (source.Instances(window.Image) is { } instances)
        {
            KeepInstance(labels, instances, (byte)(window.Object + 1));
            return new LabelMap(map.Width, map.Height, labels);
        }

        // Without instance masks, the object is all pixels of its class inside its box.
        for (var y = 0; y < map.Height; y++)
        {
            var inRows = y >= window.Box.Y0 && y < window.Box.Y1;
            for (var x = 0; x < map.Width; x++)
            {
                ref var label = ref labels[(y * map.Width) + x];
                var inside = inRows && x >= window.Box.X0 && x < window.Box.X1;
                if (label != LabelMap.Void && !(inside && label == window.ClassId))
                    label = 0;
            }
        }

        return new LabelMap(map.Width, map.Height, labels);
    }

    private static void KeepInstance(byte[] labels, LabelMap instances, byte instance)
    {
        var ids = instances.Pixels;
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] != LabelMap.Void && ids[i] != instance)
                labels[i] = 0;
        }
    }
}
