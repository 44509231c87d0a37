using System.Globalization;
using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.OnnxRuntime.Calibration;

namespace DeconvNet.OnnxRuntime.Tests;

/// <summary>Damaged files of both networks, in floats and in 8 bits; DECONVNET_FUZZ_CASES sets their number.</summary>
[Collection(TorchTests.Name)]
public sealed class FuzzTests(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    [Trait("Category", "Slow")]
    public void Damaged_files_run_or_are_refused()
    {
        var cases = int.Parse(Environment.GetEnvironmentVariable("DECONVNET_FUZZ_CASES") ?? "4000", CultureInfo.InvariantCulture);
        using var folder = new TemporaryFolder();
        using var deconvNet = new DeconvNetModel(TestNetworks.DeconvNet).Randomize();
        using var fcn = new FcnModel(TestNetworks.Fcn with { Stride = FcnStride.Eight }).Randomize();
        foreach (var (name, model) in new (string, SegmentationModel)[] { ("DeconvNet", deconvNet), ("FCN", fcn) })
        {
            var weights = TestNetworks.Save(model, folder["model.safetensors"]);
            var histograms = OnnxModel.Calibrate(weights, [Path.Combine(AppContext.BaseDirectory, "photos", "cat.jpg")], cancellationToken: TestContext.Current.CancellationToken);
            Try($"{name} in floats", bytes => OnnxModel.Export(weights, bytes));
            Try($"{name} in 8 bits", bytes => OnnxModel.ExportInt8(weights, histograms, bytes, Int8Options.Default));
        }

        void Try(string name, Action<Stream> export)
        {
            using var bytes = new MemoryStream();
            export(bytes);
            var refused = DamagedModels.Run(bytes.ToArray(), cases / 4);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {cases / 4} cases, {refused} refused"));
            Assert.InRange(refused, cases / 16, (cases / 4) - 1);
        }
    }
}
