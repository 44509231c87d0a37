using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Proposals;
using DeconvNet.Tests.Support;
using DeconvNet.Training;
using DeconvNet.Training.Distillation;
using DeconvNet.Training.Optimization;
using DeconvNet.Training.Stages;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Training;

[Collection(TorchTests.Name)]
public sealed class DistillationTests : IDisposable
{
    private static readonly FcnOptions Network = FcnOptions.Compact with { Width = 4, FcChannels = 24 };

    private readonly DrawnScenes scenes = new();

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(1)]
    public void The_loss_and_its_gradient_are_those_of_the_mixed_target(double fraction)
    {
        // Pixels with label and teacher, label only, teacher only, and neither.
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var logits = rand([1, 3, 1, 4], float64, generator: generator).mul_(4).requires_grad_();
        var labels = tensor(new long[] { 2, 1, 255, 255 }, [1, 1, 4]);
        double[,] soft = { { 0.2, 0.7, 0.1 }, { 0, 0, 0 }, { 0.5, 0.25, 0.25 }, { 0, 0, 0 } };
        double[,] target = { { 0.2 * fraction, 0.7 * fraction, (0.1 * fraction) + 1 - fraction }, { 0, 1, 0 }, { 0.5, 0.25, 0.25 }, { 0, 0, 0 } };
        var teacher = tensor(Enumerable.Range(0, 12).Select(i => soft[i % 4, i / 4]).ToArray(), [1, 3, 1, 4]);

        var loss = SegmentationLoss.ComputeSoft(logits, labels, teacher, fraction, out var valid);
        loss.backward();

        Assert.Equal(3, valid);
        var (values, gradient) = (logits.data<double>().ToArray(), logits.grad!.data<double>().ToArray());
        var expected = 0.0;
        for (var pixel = 0; pixel < 4; pixel++)
        {
            var sum = Enumerable.Range(0, 3).Sum(c => Math.Exp(values[(c * 4) + pixel]));
            for (var c = 0; c < 3; c++)
            {
                var probability = Math.Exp(values[(c * 4) + pixel]) / sum;
                expected -= target[pixel, c] * Math.Log(probability) / 3;
                Assert.Equal(pixel == 3 ? 0 : (probability - target[pixel, c]) / 3, gradient[(c * 4) + pixel], 1e-12);
            }
        }

        Assert.Equal(expected, loss.ToDouble(), 1e-12);
        Assert.Equal([2, 1, 0, 255], SegmentationLoss.BestTarget(labels, teacher).data<long>().ToArray());
    }

    [Fact]
    public void The_gradient_of_imitation_is_that_of_the_cosine()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        using var student = new FcnModel(Network);
        using var teacher = new FcnModel(Network with { Width = 6 });
        using var imitation = new FeatureImitation(student, teacher, [new ImitatedLayer("pool3", "pool4")], CPU);
        using var teachers = imitation.Observe(rand(1, 3, 96, 96) * 100);

        var mine = (rand(1, 16, 1, 1) * 3).requires_grad_();
        using var theirs = new Activations();
        theirs.Add("pool4", teachers["pool4"].narrow(2, 0, 1).narrow(3, 0, 1));
        imitation.Loss("pool3", mine, theirs).backward();

        var weights = imitation.Parameters.ToDictionary(entry => entry.Name, entry => entry.Value);
        var kernel = weights["imitation.pool3.weight"].data<float>().ToArray();
        var bias = weights["imitation.pool3.bias"].data<float>().ToArray();
        var (x, b) = (mine.data<float>().ToArray(), theirs["pool4"].contiguous().data<float>().ToArray());
        var a = Enumerable.Range(0, 48).Select(o => bias[o] + Enumerable.Range(0, 16).Sum(i => (double)kernel[(o * 16) + i] * x[i])).ToArray();
        var (lengthA, lengthB) = (Math.Sqrt(a.Sum(v => v * v)), Math.Sqrt(b.Sum(v => (double)v * v)));
        var cosine = a.Zip(b).Sum(pair => pair.First * pair.Second) / (lengthA * lengthB);
        var byAdapter = a.Zip(b).Select(pair => -((pair.Second / (lengthA * lengthB)) - (cosine * pair.First / (lengthA * lengthA)))).ToArray();

        Assert.True(lengthB > 0);
        Assert.Equal(1 - cosine, imitation.Loss("pool3", mine, theirs).ToDouble(), 1e-5);
        var gradient = mine.grad!.data<float>().ToArray();
        for (var i = 0; i < 16; i++)
            Assert.Equal(Enumerable.Range(0, 48).Sum(o => byAdapter[o] * kernel[(o * 16) + i]), gradient[i], 1e-5);
        var ofBias = weights["imitation.pool3.bias"].grad!.data<float>().ToArray();
        for (var o = 0; o < 48; o++)
            Assert.Equal(byAdapter[o], ofBias[o], 1e-5);
        Assert.All(teacher.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public async Task A_network_learns_from_a_teacher_alone()
    {
        var truth = Enumerable.Range(0, 4).Select(scenes.Dataset.LoadLabels).ToArray();
        var teacher = new Teacher { SoftTargets = ColorTeacher.Ask(scenes.Dataset) };
        RemoveMasks();
        using var model = NewModel();
        await TrainAsync(model, Recipe(200, fraction: 0), teacher);

        long right = 0;
        for (var i = 0; i < truth.Length; i++)
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            var planes = new float[3 * 64 * 64];
            model.Preprocessing.Apply(scenes.Dataset.LoadImage(i).Pixels, planes);
            var predicted = model.forward(tensor(planes, [1, 3, 64, 64])).argmax(1).flatten().to(uint8).data<byte>().ToArray();
            right += predicted.Zip(truth[i].Pixels.ToArray()).Count(pair => pair.First == pair.Second);
        }

        // All background would be 67 %.
        Assert.True(right > 0.9 * 4 * 64 * 64, $"{right} of {4 * 64 * 64} pixels are right.");
    }

    [Fact]
    public async Task Crops_of_photos_without_masks_are_learned_from_too()
    {
        var teacher = new Teacher { SoftTargets = ColorTeacher.Ask(scenes.Dataset) };
        RemoveMasks();
        random.manual_seed(3);
        using var model = new DeconvNetModel(DrawnScenes.Network);
        var recipe = DrawnScenes.Recipe(1, 60);
        var loss = new List<double>();
        using var trainer = new SegmentationTrainer(model, recipe with { Stages = [recipe.Stages[1]] }, new FixedProposals([new Proposal(new PixelBox(4, 4, 60, 60), 1)]), teacher);
        await trainer.TrainAsync(scenes.Dataset, new DirectSteps(step => loss.Add(step.Loss)), TestContext.Current.CancellationToken);

        Assert.True(loss.Where(double.IsFinite).TakeLast(5).Average() < loss.Take(5).Average() / 2, $"{loss[0]} → {loss.Last(double.IsFinite)}");
    }

    [Fact]
    public async Task Labels_alone_and_with_a_teacher_give_different_weights()
    {
        var teacher = new Teacher { SoftTargets = ColorTeacher.Ask(scenes.Dataset) };
        using var plain = NewModel();
        await TrainAsync(plain, Recipe(2, fraction: 0), teacher: null);
        using var idle = NewModel();
        await TrainAsync(idle, Recipe(2, fraction: 0), teacher);
        using var taught = NewModel();
        await TrainAsync(taught, Recipe(2, fraction: 0.5), teacher);

        AssertClose(plain, idle);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertClose(plain, taught));

        static void AssertClose(FcnModel expected, FcnModel actual)
        {
            using var scope = NewDisposeScope();
            foreach (var (one, other) in expected.parameters().Zip(actual.parameters()))
                Assert.True((one - other).abs().max().ToDouble() < 1e-4);
        }
    }

    [Fact]
    public async Task A_resumed_training_with_teachers_equals_an_uninterrupted_one_bit_for_bit_and_needs_the_same_teachers()
    {
        using var network = NewModel(7);
        network.eval();
        var teacher = new Teacher
        {
            SoftTargets = ColorTeacher.Ask(scenes.Dataset),
            Model = network,
            Layers = [new ImitatedLayer("conv3_3", "conv3_2"), new ImitatedLayer("fc7", "conv5_3")],
        };
        File.Delete(scenes.Dataset.LabelsPath(1));
        var recipe = Recipe(6, 0.4, imitation: 0.5);
        using var whole = NewModel();
        await TrainAsync(whole, recipe, teacher);

        using var folder = new TemporaryFolder();
        using (var stopped = NewModel())
        {
            using var stop = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TrainAsync(stopped, recipe with { Folder = folder.Root }, teacher, new DirectSteps(step =>
            {
                if (step.Iteration == 3)
                    stop.Cancel();
            }), stop.Token));
        }

        using var resumed = NewModel(99);
        var other = await Assert.ThrowsAsync<InvalidDataException>(() => TrainAsync(resumed, recipe with { Folder = folder.Root }, teacher with { Layers = [teacher.Layers[0]] }));
        Assert.Contains("checkpoint of another run", other.Message, StringComparison.Ordinal);
        await TrainAsync(resumed, recipe with { Folder = folder.Root }, teacher);

        using var scope = NewDisposeScope();
        foreach (var (one, same) in whole.state_dict().Zip(resumed.state_dict()))
            Assert.True(one.Value.eq(same.Value).all().ToBoolean(), $"{one.Key} differs.");

        using (no_grad())
            network.parameters().First().add_(1);
        var changed = await Assert.ThrowsAsync<InvalidDataException>(() => TrainAsync(resumed, recipe with { Folder = folder.Root }, teacher));
        Assert.Contains("checkpoint of another run", changed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Imitated_layers_come_nearer_to_the_teachers()
    {
        using var network = NewModel(7);
        var teacher = new Teacher { Model = network, Layers = [new ImitatedLayer("conv4_3", "conv4_3")] };
        using var model = NewModel();
        await TrainAsync(model, Recipe(80, 0, imitation: 5), teacher);

        // A linear fit of the teacher's channels tells how near the layers are.
        using var plain = NewModel();
        await TrainAsync(plain, Recipe(80, 0), teacher: null);
        var (near, far) = (Misfit(model), Misfit(plain));
        Assert.True(near < 0.7 * far, $"{near} with imitation, {far} without.");

        double Misfit(FcnModel student)
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            var planes = new float[4 * 3 * 64 * 64];
            for (var i = 0; i < 4; i++)
                student.Preprocessing.Apply(scenes.Dataset.LoadImage(i).Pixels, planes.AsSpan(i * 3 * 64 * 64, 3 * 64 * 64));
            network.eval();
            var input = tensor(planes, [4, 3, 64, 64]);
            using var mine = student.Observe(input, "conv4_3");
            using var theirs = network.Observe(input, "conv4_3");
            Tensor Rows(Tensor map) => map.permute(0, 2, 3, 1).reshape(-1, map.shape[1]).to(float64);
            var (x, y) = (Rows(mine["conv4_3"]), Rows(theirs["conv4_3"]));
            x = cat([x, ones(x.shape[0], 1, float64)], 1);
            var ridge = 1e-3 * eye(x.shape[1], dtype: float64);
            var fit = linalg.solve(x.t().matmul(x) + ridge, x.t().matmul(y));
            return 1 - nn.functional.cosine_similarity(x.matmul(fit), y, 1).mean().ToDouble();
        }
    }

    [Fact]
    public void A_teacher_that_does_not_fit_is_refused_before_anything_happens()
    {
        using var model = NewModel();
        using var crops = new DeconvNetModel(DrawnScenes.Network);
        var soft = ColorTeacher.Ask(scenes.Dataset);
        using var few = new FcnModel(Network with { ClassCount = 5 });
        using var keras = new FcnModel(Network with { Preprocessing = Preprocessing.Keras });

        Assert.Contains("needs a teacher with SoftTargets", Refused(model, Recipe(1, 0.5), null), StringComparison.Ordinal);
        Assert.Contains("needs a teacher with a Model and Layers", Refused(model, Recipe(1, 0, 1), new Teacher { SoftTargets = soft }), StringComparison.Ordinal);
        Assert.Contains("of 18 classes or more; the network has 5", Refused(few, Recipe(1, 0.5), new Teacher { SoftTargets = soft }), StringComparison.Ordinal);
        Assert.Contains("no layer 'conv9'", Refused(model, Recipe(1, 0, 1), new Teacher { Model = few, Layers = [new("conv9", "fc7")] }), StringComparison.Ordinal);
        Assert.Contains("see the same input", Refused(model, Recipe(1, 0, 1), new Teacher { Model = keras, Layers = [new("fc7", "fc7")] }), StringComparison.Ordinal);
        Assert.Contains("takes 32 only", Refused(model, Recipe(1, 0, 1), new Teacher { Model = crops, Layers = [new("fc7", "fc7")] }), StringComparison.Ordinal);
        var objects = Recipe(1, 0) with { Stages = [Recipe(1, 0).Stages[0] with { Source = ExampleSource.ObjectCrops, SoftTargetFraction = 0.5 }] };
        Assert.Contains("SoftTargetFraction is 0.5", Refused(model, objects, new Teacher { SoftTargets = soft }), StringComparison.Ordinal);

        static string Refused(SegmentationModel model, TrainingOptions options, Teacher? teacher) =>
            Assert.ThrowsAny<ArgumentException>(() => new SegmentationTrainer(model, options, teacher: teacher)).Message;
    }

    [Fact]
    public async Task Steps_with_teachers_leave_no_tensor_behind()
    {
        using var network = NewModel(7);
        var teacher = new Teacher { SoftTargets = ColorTeacher.Ask(scenes.Dataset), Model = network, Layers = [new("conv3_3", "conv3_3")] };
        using var model = NewModel();
        long early = 0, late = 0;
        await TrainAsync(model, Recipe(30, 0.5, 0.5), teacher, new DirectSteps(step =>
        {
            if (step is { IsStatistics: false, Iteration: 5 })
                early = LiveTensors.CountSettled();
            if (step is { IsStatistics: false, Iteration: 30 })
                late = Tensor.TotalCount;
        }));

        Assert.True(early > 0);
        Assert.Equal(early, late);
    }

    public void Dispose() => scenes.Dispose();

    private static FcnModel NewModel(int seed = 3)
    {
        random.manual_seed(seed);
        return new FcnModel(Network);
    }

    private static TrainingOptions Recipe(int iterations, double fraction, double imitation = 0)
    {
        var recipe = TrainingOptions.CompactFcn(iterations);
        var stage = recipe.Stages[0] with
        {
            InputSize = 64,
            BatchSize = 4,
            Accumulation = 1,
            ScaleJitter = 1.1,
            ClassLossWeight = 0.1,
            Schedule = LearningRateSchedule.Cosine(1e-2),
            SoftTargetFraction = fraction,
            ImitationWeight = imitation,
        };
        return recipe with { Stages = [stage], CheckpointEvery = 2, StatisticsBatches = 4, StatisticsBatchSize = 8 };
    }

    private async Task TrainAsync(FcnModel model, TrainingOptions options, Teacher? teacher, IProgress<TrainingProgress>? progress = null, CancellationToken? stop = null)
    {
        using var trainer = new SegmentationTrainer(model, options, teacher: teacher);
        await trainer.TrainAsync(scenes.Dataset, progress, stop ?? TestContext.Current.CancellationToken);
    }

    private void RemoveMasks()
    {
        for (var i = 0; i < scenes.Dataset.Count; i++)
        {
            File.Delete(scenes.Dataset.LabelsPath(i));
            File.Delete(Path.Combine(scenes.Dataset.Root, "Annotations", scenes.Dataset.Ids[i] + ".xml"));
        }
    }

    private sealed class DirectSteps(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
