using System.Globalization;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Proposals;
using DeconvNet.Training;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Training;

[Collection(Support.TorchTests.Name)]
public sealed class ZzExperiment : IDisposable
{
    private readonly DrawnScenes scenes = new();

    [Fact]
    public async Task Explore()
    {
        foreach (var variant in Environment.GetEnvironmentVariable("ZZ")!.Split(';'))
        {
            var v = variant.Split(',').Select(t => double.Parse(t, CultureInfo.InvariantCulture)).ToArray();
            for (var seed = 3; seed < 3 + (int)v[8]; seed++)
            {
                random.manual_seed(seed);
                using var model = new DeconvNetModel(DrawnScenes.Network);
                var recipe = DrawnScenes.Recipe((int)v[0], (int)v[1]);
                recipe = recipe with
                {
                    StatisticsBatches = (int)v[5],
                    StatisticsBatchSize = (int)v[6],
                    Seed = seed,
                    Stages = [recipe.Stages[0] with { Schedule = LearningRateSchedule.Cosine(v[2]) }, recipe.Stages[1] with { Schedule = LearningRateSchedule.Cosine(v[3]), BatchSize = (int)v[4], ContextFactor = v[7] }],
                };
                Proposal[] boxes = [new(new PixelBox(4, 4, 60, 60), 1), new(new PixelBox(10, 12, 52, 56), 0.5f), new(new PixelBox(0, 0, 64, 64), 0.4f)];
                var watch = System.Diagnostics.Stopwatch.StartNew();
                var last = 0.0;
                using (var trainer = new SegmentationTrainer(model, recipe, new FixedProposals(boxes)))
                    await trainer.TrainAsync(scenes.Dataset, new P(p => { if (!p.IsStatistics) last = 0.95 * last + 0.05 * p.PixelAccuracy; }));
                var stage = DrawnScenes.Recipe(1, 1).Stages[1] with { ResizeFactor = 1, Mirror = false, ContextFactor = 1.05 };
                var maker = new CropMaker(new ImageSource(scenes.Dataset, keep: false), stage, model.Options.InputSize, model.Preprocessing);
                var (planes, truth) = (new float[3 * 32 * 32], new byte[32 * 32]);
                long right = 0, valid = 0;
                for (var i = 0; i < scenes.Dataset.Count; i++)
                {
                    using var scope = NewDisposeScope();
                    using var frozen = no_grad();
                    var example = new ExampleRandom(1, 0, i);
                    maker.Make(new ExampleWindow(i, new PixelBox(0, 0, 64, 64), 0, -1), ref example, planes, truth);
                    var predicted = model.forward(tensor(planes, [1, 3, 32, 32])).argmax(1).flatten().to(uint8).data<byte>().ToArray();
                    for (var p = 0; p < truth.Length; p++)
                    {
                        valid += truth[p] == LabelMap.Void ? 0 : 1;
                        right += truth[p] == predicted[p] ? 1 : 0;
                    }
                }

                File.AppendAllText("/tmp/zz-d.txt", $"{Environment.GetEnvironmentVariable("DECONVNET_ONEDNN")} t{get_num_threads()} {variant} seed {seed}: {100.0 * right / valid:F1} training {100 * last:F1} in {watch.Elapsed.TotalSeconds:F1} s\n");
            }
        }
    }

    public void Dispose() => scenes.Dispose();

    private sealed class P(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
