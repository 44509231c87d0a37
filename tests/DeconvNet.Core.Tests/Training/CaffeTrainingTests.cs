using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using DeconvNet.Training;
using DeconvNet.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;
using Optimizer = DeconvNet.Training.Optimization.Optimizer;

namespace DeconvNet.Tests.Training;

/// <summary>Two steps of training against those of the authors' Caffe, in 64 bits.</summary>
[Collection(TorchTests.Name)]
public sealed class CaffeTrainingTests
{
    // Rates are 32-bit numbers in Caffe's messages; ours are exact decimals, which alone makes differences of up to 5e-7.
    private const double Tolerance = 1e-6;
    private const double Exact = 1e-12;

    public static TheoryData<string> Sources => CaffeTraining.Sources;

    public static TheoryData<string, bool> Steps => new()
    {
        { CaffeTraining.Repository, false },
        { CaffeTraining.Repository, true },
        { CaffeTraining.Shared, false },
        { CaffeTraining.Shared, true },
    };

    [Theory]
    [MemberData(nameof(Sources))]
    public void The_loss_of_every_micro_batch_is_that_of_Caffe(string source)
    {
        using var scope = NewDisposeScope();
        using var caffe = new CaffeTraining(source);
        using var model = caffe.NewModel();
        var expected = caffe.Read("losses").Values;
        for (var i = 0; i < expected.Length; i++)
        {
            var (images, labels) = caffe.Batch(i);
            foreach (var asCaffe in new[] { false, true })
                Assert.Equal(expected[i], SegmentationLoss.Compute(model.Observe(images, observe: null), labels, out _, asCaffe).ToDouble(), Exact);
        }
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void Activations_and_batch_statistics_in_training_mode_are_those_of_Caffe(string source)
    {
        using var scope = NewDisposeScope();
        using var caffe = new CaffeTraining(source);
        using var model = caffe.NewModel();
        var (images, labels) = caffe.Batch(0);
        var worst = 0.0;
        var scores = model.Observe(images, (name, value) =>
        {
            if (name is "fc7" or "fc6-deconv" or "unpool1" or "deconv1_1")
                worst = Math.Max(worst, caffe.Compare($"fwd_batch0/{name}", value, Exact));
        });
        worst = Math.Max(worst, caffe.Compare("fwd_batch0/seg-score", scores, Exact));
        scores.retain_grad();
        SegmentationLoss.Compute(scores, labels, out _).backward();
        worst = Math.Max(worst, caffe.Compare("fwd_batch0/seg-score.diff", scores.grad!, Exact));

        // A single batch as the population.
        BatchNormStatistics.Estimate(model, () => caffe.Batch(0).Images, 0, 1, asCaffe: true, _ => { });
        foreach (var row in model.Layers.Where(row => row.BatchNorm is not null))
        {
            worst = Math.Max(worst, caffe.Compare($"fwd_batch0/{row.BatchNorm}-mean", model.BatchNorm(row).running_mean!, Exact));
            worst = Math.Max(worst, caffe.Compare($"fwd_batch0/{row.BatchNorm}-var", model.BatchNorm(row).running_var!, Exact));
        }

        Say($"activations and statistics: {worst:E1}");
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void Gradients_are_those_of_Caffe(string source)
    {
        using var scope = NewDisposeScope();
        using var caffe = new CaffeTraining(source);
        foreach (var batch in new[] { 0, 1 })
        {
            using var model = caffe.NewModel();
            AddGradient(new PassGradients(model, asCaffe: false), caffe, model, batch, passes: 1);
            Say($"gradients of micro-batch {batch}: {CompareAll(caffe, $"grad_batch{batch}", slot => model.TensorOf(slot).grad!, Exact):E1}");
        }
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void Two_steps_of_one_pass_give_the_parameters_and_velocities_of_Caffe(string source, bool ratesOf32Bits) =>
        TakeSteps(source, passes: 1, asCaffe: false, ratesOf32Bits);

    [Theory]
    [MemberData(nameof(Steps))]
    public void Two_steps_of_two_passes_give_the_parameters_and_velocities_of_Caffe_with_the_switch(string source, bool ratesOf32Bits) =>
        TakeSteps(source, passes: 2, asCaffe: true, ratesOf32Bits);

    [Theory]
    [MemberData(nameof(Sources))]
    public void What_two_passes_leave_is_Caffes_buffer_with_the_switch_and_the_mean_gradient_without(string source)
    {
        using var scope = NewDisposeScope();
        using var caffe = new CaffeTraining(source);
        foreach (var asCaffe in new[] { false, true })
        {
            using var model = caffe.NewModel();
            var gradients = new PassGradients(model, asCaffe);
            AddGradient(gradients, caffe, model, 0, passes: 2);
            AddGradient(gradients, caffe, model, 1, passes: 2);
            Assert.Equal(asCaffe ? 0.5 : 1, gradients.WeightDecayFactor(2));
            if (asCaffe)
            {
                Say($"gradients of two passes: {CompareAll(caffe, "iter_size2/accumulated_grad_step1", slot => model.TensorOf(slot).grad! * 2, Exact):E1}");
                continue;
            }

            foreach (var slot in CaffeTraining.Learned.Where(slot => slot.Part is WeightPart.Scale or WeightPart.Shift))
            {
                var name = $"{slot.Row.BatchNorm}.{(slot.Part == WeightPart.Scale ? 0 : 1)}";
                var sum = tensor(caffe.Read($"grad_batch0/{name}").Values) + tensor(caffe.Read($"grad_batch1/{name}").Values);
                Assert.True(((model.TensorOf(slot).grad! * 2) - sum).abs().max().ToDouble() < Exact * sum.abs().max().ToDouble() * 10, name);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void Folded_batch_norms_and_the_scores_after_it_are_those_of_the_authors_script_with_the_switch_and_unbiased_without(string source)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var caffe = new CaffeTraining(source);
        foreach (var (asCaffe, form) in new[] { (true, "code"), (false, "unbiased") })
        {
            using var model = caffe.NewModel();
            var next = 0;
            BatchNormStatistics.Estimate(model, () => caffe.Batch(next++).Images, 0, 4, asCaffe, _ => { });
            Assert.False(model.training);
            var worst = 0.0;
            foreach (var row in model.Layers.Where(row => row.BatchNorm is not null))
            {
                var norm = model.BatchNorm(row);
                worst = Math.Max(worst, caffe.Compare($"fold/{row.BatchNorm}.avg-mean", norm.running_mean!, Exact));
                if (asCaffe)
                    worst = Math.Max(worst, caffe.Compare($"fold/{row.BatchNorm}.avg-var", norm.running_var!, Exact));
                var (scale, shift) = FoldedBatchNorm.Of(norm, model.Options.BatchNormEpsilon);
                worst = Math.Max(worst, caffe.Compare($"fold/{form}.{row.BatchNorm}.0", scale, Exact));
                worst = Math.Max(worst, caffe.Compare($"fold/{form}.{row.BatchNorm}.1", shift, Exact));
            }

            worst = Math.Max(worst, caffe.Compare($"fold/{form}.seg-score_image0", model.forward(caffe.Batch(0).Images[..1]), Exact));
            Say($"fold, {form}: {worst:E1}");
        }
    }

    [Fact]
    public void The_loss_of_a_pixel_ends_where_Caffes_does_but_its_gradient_stays()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new double[] { 500, 0, 0, 3 }, [1, 2, 1, 2]).requires_grad_();
        var labels = tensor(new long[] { 1, 1 }, [1, 1, 2]);
        var small = Math.Log(1 + Math.Exp(-3));

        var loss = SegmentationLoss.Compute(logits, labels, out var valid, asCaffe: true);
        loss.backward();

        Assert.Equal(2, valid);
        Assert.Equal((87.33654475 + small) / 2, loss.ToDouble(), 1e-8);
        Assert.Equal((500 + small) / 2, SegmentationLoss.Compute(logits, labels, out _).ToDouble(), 1e-12);
        Assert.Equal(0.5, logits.grad![0, 0, 0, 0].ToDouble(), 1e-12);
        Assert.Equal(-0.5, logits.grad![0, 1, 0, 0].ToDouble(), 1e-12);
    }

    private static void TakeSteps(string source, int passes, bool asCaffe, bool ratesOf32Bits)
    {
        using var scope = NewDisposeScope();
        using var caffe = new CaffeTraining(source);
        using var model = caffe.NewModel();
        var published = TrainingOptions.Published.Optimizer;
        var (options, rate, tolerance) = ratesOf32Bits
            ? (published with { Momentum = (float)published.Momentum, WeightDecay = (float)published.WeightDecay }, 0.01f, Exact)
            : (published, TrainingOptions.Published.Stages[0].Schedule.RateAt(0, 20_000), Tolerance);
        using var optimizer = Optimizer.Create(options, model.named_parameters());
        var gradients = new PassGradients(model, asCaffe);
        var buffers = optimizer.Buffers.ToDictionary(buffer => buffer.Name, buffer => buffer.Value);
        for (var step = 1; step <= 2; step++)
        {
            model.zero_grad();
            for (var pass = 0; pass < passes; pass++)
                AddGradient(gradients, caffe, model, ((step - 1) * passes) + pass, passes);
            optimizer.Step(rate, step, gradients.WeightDecayFactor(passes));

            var folder = $"iter_size{passes}";
            var parameters = CompareAll(caffe, $"{folder}/after_step{step}", slot => model.TensorOf(slot), tolerance);
            var velocities = CompareAll(caffe, $"{folder}/momentum_step{step}", slot => buffers[$"velocity.{LayerNames.ToModuleName(slot.Name)}"], tolerance);
            Say($"{passes} passes, step {step}{(ratesOf32Bits ? ", rates of 32 bits" : "")}: parameters {parameters:E1}, velocities {velocities:E1}");
        }
    }

    private static void AddGradient(PassGradients gradients, CaffeTraining caffe, DeconvNetModel model, int batch, int passes)
    {
        using var scope = NewDisposeScope();
        var (images, labels) = caffe.Batch(batch);
        gradients.Add(SegmentationLoss.Compute(model.Observe(images, observe: null), labels, out _, asCaffe: true), passes);
    }

    private static double CompareAll(CaffeTraining caffe, string folder, Func<WeightSlot, Tensor> actual, double tolerance) =>
        CaffeTraining.Learned.Max(slot => caffe.Compare(folder, slot, actual(slot), tolerance));

    private static void Say(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);
}
