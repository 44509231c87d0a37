using DeconvNet.Networks;
using DeconvNet.OnnxRuntime.Calibration;
using DeconvNet.Weights;

namespace DeconvNet.OnnxRuntime.Tests;

/// <summary>Exports onto a disk without room, and to places that cannot be written: the exception names the file, and nothing half-written stays.</summary>
[Collection(TorchTests.Name)]
public sealed class FullDiskTests
{
    [Theory]
    [InlineData("model.onnx")]
    [InlineData("model.onnx.gz")]
    public void A_full_disk_is_named_and_nothing_is_left(string name)
    {
        using var folder = new TemporaryFolder();
        using var disk = SmallDisk.Mount();
        using var network = new FcnModel(TestNetworks.Fcn).Randomize();
        var weights = TestNetworks.Save(network, folder["model.safetensors"]);
        var histograms = OnnxModel.Calibrate(weights, [Path.Combine(AppContext.BaseDirectory, "photos", "cat.jpg")], cancellationToken: TestContext.Current.CancellationToken);
        foreach (var export in new Action<string>[] { path => OnnxModel.Export(weights, path), path => OnnxModel.ExportInt8(weights, histograms, path, Int8Options.Default) })
        {
            File.WriteAllText(disk[name], "older");
            disk.Fill();
            var error = Assert.Throws<IOException>(() => export(disk[name]));
            Assert.Contains(disk[name], error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(".tmp", error.Message, StringComparison.Ordinal);
            Assert.Equal([name], disk.Files());
            Assert.Equal("older", File.ReadAllText(disk[name]));

            // The same with room, so that what was refused was the disk.
            disk.Free();
            export(disk[name]);
            OnnxModel.Load(disk[name]).Dispose();
        }
    }

    [Fact]
    public void A_folder_that_is_missing_and_a_path_that_is_a_folder_are_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(folder["missing/model.onnx"], Assert.Throws<DirectoryNotFoundException>(() => OnnxModel.Export(CompactWeights.Fcn8s, folder["missing/model.onnx"])).Message, StringComparison.Ordinal);
        Assert.Contains("it is a folder", Assert.Throws<IOException>(() => OnnxModel.Export(CompactWeights.Fcn8s, folder.Root)).Message, StringComparison.Ordinal);
    }
}
