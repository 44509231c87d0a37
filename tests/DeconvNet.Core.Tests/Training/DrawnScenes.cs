using DeconvNet.Architecture;
using DeconvNet.Datasets;
using DeconvNet.Imaging;
using DeconvNet.Tests.Datasets;
using DeconvNet.Training;
using DeconvNet.Training.Optimization;
using DeconvNet.Training.Stages;
using SkiaSharp;

namespace DeconvNet.Tests.Training;

/// <summary>Four drawn photos of a cat (green block), a dog (red block), a sheep (white disc), and a cat beside a dog; a small network; a short recipe.</summary>
internal sealed class DrawnScenes : IDisposable
{
    private const int Side = 64;
    private const byte Cat = 8, Dog = 12, Sheep = 17;

    private readonly MiniVoc folder = new();

    public DrawnScenes()
    {
        Draw("a", (Cat, new PixelBox(12, 14, 50, 46)));
        Draw("b", (Dog, new PixelBox(18, 10, 46, 58)));
        Draw("c", (Sheep, new PixelBox(10, 16, 52, 52)));
        Draw("d", (Cat, new PixelBox(4, 8, 30, 34)), (Dog, new PixelBox(34, 26, 62, 60)));
        folder.WithSet("train", "a", "b", "c", "d");
        Dataset = new VocDataset(folder.Root, "train");
    }

    public static DeconvNetOptions Network { get; } = new() { Width = 8, FcChannels = 48, InputSize = 32, ConvBias = true, BatchNormEpsilon = 1e-5 };

    public VocDataset Dataset { get; }

    public string Root => folder.Root;

    public static TrainingOptions Recipe(int first, int second, string? folder = null) => new()
    {
        Stages =
        [
            new TrainingStage { Name = "stage1", Source = ExampleSource.ObjectCrops, Iterations = first, BatchSize = 4, Accumulation = 2, Schedule = LearningRateSchedule.Cosine(1e-2) },
            new TrainingStage { Name = "stage2", Source = ExampleSource.ProposalCrops, Iterations = second, BatchSize = 8, Accumulation = 1, Schedule = LearningRateSchedule.Cosine(1e-2), AnyProposalFraction = 0.2 },
        ],
        Optimizer = new OptimizerOptions { Kind = OptimizerKind.Adam },
        CheckpointEvery = 5,
        StatisticsBatches = 10,
        StatisticsBatchSize = 8,
        Folder = folder,
    };

    public void Dispose() => folder.Dispose();

    private static SKColor Color(byte id) => id switch { Cat => new SKColor(30, 160, 60), Dog => new SKColor(200, 40, 30), _ => SKColors.White };

    private void Draw(string id, params (byte Class, PixelBox Box)[] objects)
    {
        using var bitmap = new SKBitmap(Side, Side);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(new SKColor(90, 100, 150));
        var labels = new byte[Side * Side];
        foreach (var (label, box) in objects)
        {
            using var paint = new SKPaint { Color = Color(label) };
            canvas.DrawRect(box.X0, box.Y0, box.Width, box.Height, paint);
            for (var y = box.Y0; y < box.Y1; y++)
                labels.AsSpan((y * Side) + box.X0, box.Width).Fill(label);
        }

        canvas.Flush();
        using (var file = File.Create(folder.Image(id)))
            bitmap.Encode(file, SKEncodedImageFormat.Jpeg, 95);
        new LabelMap(Side, Side, labels).SavePng(folder.Mask(id));
        var boxes = objects.Select(entry => $"<object><name>{VocClasses.Names[entry.Class]}</name><bndbox><xmin>{entry.Box.X0 + 1}</xmin><ymin>{entry.Box.Y0 + 1}</ymin><xmax>{entry.Box.X1}</xmax><ymax>{entry.Box.Y1}</ymax></bndbox></object>");
        File.WriteAllText(folder.Annotation(id), $"<annotation><size><width>{Side}</width><height>{Side}</height><depth>3</depth></size>{string.Concat(boxes)}</annotation>");
    }
}
