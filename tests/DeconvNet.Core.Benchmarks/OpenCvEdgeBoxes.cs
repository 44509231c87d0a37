using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using DeconvNet.Proposals.Edges;

namespace DeconvNet.Benchmarks;

/// <summary>OpenCV's Edge Boxes in a Python process that waits for its turn, and takes its own time.</summary>
internal sealed class OpenCvEdgeBoxes : IDisposable
{
    private readonly Process process;
    private readonly string maps;

    private OpenCvEdgeBoxes(Process process, string maps)
    {
        this.process = process;
        this.maps = maps;
        Version = process.StandardOutput.ReadLine();
    }

    /// <summary>Null where this Python lacks OpenCV or its <c>ximgproc</c>.</summary>
    public string? Version { get; }

    /// <summary>Boxes of the last run.</summary>
    public int Count { get; private set; }

    /// <summary>Starts the first Python on the PATH that has OpenCV with <c>ximgproc</c>; null if there is none.</summary>
    public static OpenCvEdgeBoxes? Start(EdgeMap edges, EdgeMap orientation)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach (var python in folders.Select(folder => Path.Combine(folder, "python3")).Where(File.Exists))
        {
            var started = Start(python, edges, orientation);
            if (started.Version is not null)
                return started;
            started.Dispose();
        }

        return null;
    }

    /// <summary>One run on a fresh instance.</summary>
    public TimeSpan Run()
    {
        process.StandardInput.WriteLine();
        process.StandardInput.Flush();
        var answer = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("OpenCV's process ended before its answer.");
        var parts = answer.Split(' ');
        Count = int.Parse(parts[1], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(double.Parse(parts[0], CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
        File.Delete(maps);
    }

    private static OpenCvEdgeBoxes Start(string python, EdgeMap edges, EdgeMap orientation)
    {
        var maps = Path.GetTempFileName();
        File.WriteAllBytes(maps, [.. MemoryMarshal.AsBytes(edges.Values), .. MemoryMarshal.AsBytes(orientation.Values)]);
        var start = new ProcessStartInfo(python)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "opencv_edge_boxes.py"));
        start.ArgumentList.Add(edges.Width.ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Add(edges.Height.ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Add(maps);
        var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        return new OpenCvEdgeBoxes(process, maps);
    }
}
