using System.Runtime.InteropServices;
using System.Text;
using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using DeconvNet.Weights.Formats;
using TorchSharp;

namespace DeconvNet.Tests.Weights;

/// <summary>Our safetensors files in plain PyTorch, by the script that docs/weights.md prints.</summary>
[Collection(TorchTests.Name)]
public sealed class PyTorchTests
{
    [Theory]
    [InlineData(true, WeightPrecision.Full)]
    [InlineData(false, WeightPrecision.Half)]
    public void The_script_of_the_documentation_loads_a_saved_model_and_computes_what_it_does(bool biases, WeightPrecision precision)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        using var folder = new TemporaryFolder();
        var options = new DeconvNetOptions { Width = 3, FcChannels = 7, InputSize = 64, ClassCount = 3, ConvBias = biases, BatchNormEpsilon = 1e-5 };
        using (var made = LivelyModel.Make(options))
            made.Save(folder["model.safetensors"], precision: precision);
        using var model = DeconvNetModel.Load(folder["model.safetensors"]);
        var input = torch.randn(2, 3, 64, 64);
        WriteNpy(folder["input.npy"], input);
        File.WriteAllText(folder["load.py"], Script());

        Python.RunScript(folder["load.py"], folder["model.safetensors"], folder["input.npy"], folder["scores.npy"]);

        var expected = model.forward(input);
        var scores = Npy.Read<float>(folder["scores.npy"]);
        Assert.Equal([2, 3, 64, 64], scores.Shape);
        var difference = (torch.tensor(scores.Values, expected.shape) - expected).abs().max().ToSingle() / expected.abs().max().ToSingle();
        TestContext.Current.TestOutputHelper?.WriteLine($"largest difference {difference:E1}");
        Assert.InRange(difference, 0, 1e-5f);
    }

    private static string Script()
    {
        var manual = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "weights.md"));
        var section = manual.IndexOf("## To PyTorch", StringComparison.Ordinal);
        var start = manual.IndexOf("```python\n", section, StringComparison.Ordinal) + "```python\n".Length;
        return manual[start..manual.IndexOf("```", start, StringComparison.Ordinal)];
    }

    private static void WriteNpy(string path, torch.Tensor values)
    {
        var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({string.Join(", ", values.shape)}), }}".PadRight(117) + "\n";
        byte[] bytes = [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. MemoryMarshal.AsBytes<float>(values.data<float>().ToArray())];
        File.WriteAllBytes(path, bytes);
    }
}
