using System.Diagnostics;
using System.Globalization;
using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.Weights.Formats;
using TorchSharp;

namespace DeconvNet.Benchmarks;

/// <summary>
/// Loading the published network, 1 GB, against a plain read of the file in order and a copy into tensors of those sizes. The variable
/// DECONVNET_WEIGHTS names another file to load; else one is written to the temporary folder.
/// </summary>
internal static class LoadBenchmark
{
    private const string Variable = "DECONVNET_WEIGHTS";

    public static void Run(TimeSpan time)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } given)
        {
            Measure(time, given);
            return;
        }

        var path = Path.Combine(Path.GetTempPath(), $"deconvnet-{Path.GetRandomFileName()}.safetensors");
        try
        {
            Write(path);

            // A separate process, whose peak memory is that of loading alone.
            var start = new ProcessStartInfo(Environment.ProcessPath!, ["load", "--seconds", time.TotalSeconds.ToString(CultureInfo.InvariantCulture)]);
            start.Environment[Variable] = path;
            using var process = Process.Start(start)!;
            process.WaitForExit();
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Measure(TimeSpan time, string path)
    {
        using var process = Process.GetCurrentProcess();
        var start = process.PeakWorkingSet64;
        var tensors = 0L;
        Load();
        process.Refresh();
        var first = process.PeakWorkingSet64;
        var loads = Repeat(time, Load);
        process.Refresh();
        var peak = process.PeakWorkingSet64;
        var reads = Repeat(time, () => ReadAndCopy(path));
        Console.WriteLine($"load: {Path.GetExtension(path)}, file {new FileInfo(path).Length / 1e6:F0} MB, tensors {tensors / 1e6:F0} MB");
        Console.WriteLine($"  read and copy {reads:F2} s, load {loads:F2} s: {loads / reads:F2} times as long");
        Console.WriteLine(
            $"  highest memory of the process {first / 1e6:F0} MB ({start / 1e6:F0} MB before loading): {first / (double)tensors:F2} times the tensors; "
                + $"loaded again and again {peak / 1e6:F0} MB, {peak / (double)tensors:F2} times");

        void Load()
        {
            using var model = DeconvNetModel.Load(path);
            tensors = WeightSlot.Of(model.Layers).Sum(slot => WeightShape.Count(slot.Shape)!.Value) * sizeof(float);
        }
    }

    /// <summary>Median time in seconds, of at least three.</summary>
    private static double Repeat(TimeSpan time, Action action)
    {
        action();
        var times = new List<double>();
        for (var total = Stopwatch.StartNew(); times.Count < 3 || total.Elapsed < time;)
        {
            var watch = Stopwatch.StartNew();
            action();
            times.Add(watch.Elapsed.TotalSeconds);
        }

        return times.Order().ElementAt(times.Count / 2);
    }

    private static void Write(string path)
    {
        var options = DeconvNetOptions.Paper;
        var tensors = WeightSlot.Of(LayerTable.Create(options)).Select(slot => new WeightTensor(slot.Name, slot.Shape, () =>
        {
            var values = new float[WeightShape.Count(slot.Shape)!.Value];
            Array.Fill(values, 0.001f);
            return values;
        }));
        SafetensorsFile.Write(path, tensors);
    }

    private static void ReadAndCopy(string path)
    {
        using var scope = torch.NewDisposeScope();
        using var file = File.OpenRead(path);
        var buffer = new byte[1 << 20];
        foreach (var slot in WeightSlot.Of(LayerTable.Create(DeconvNetOptions.Paper)))
        {
            // All tensors are kept until the end, as a model keeps them: reused memory would cost no time.
            var tensor = torch.empty([.. slot.Shape]);
            var bytes = tensor.bytes;
            while (bytes.Length > 0)
            {
                var count = file.Read(buffer.AsSpan(0, Math.Min(buffer.Length, bytes.Length)));
                if (count == 0)
                    return;
                buffer.AsSpan(0, count).CopyTo(bytes);
                bytes = bytes[count..];
            }
        }
    }
}
