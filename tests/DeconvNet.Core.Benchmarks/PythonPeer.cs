using System.Diagnostics;
using System.Globalization;

namespace DeconvNet.Benchmarks;

/// <summary>Another implementation in a Python process that waits for its turn and takes its own time. The first line that its script writes is its version.</summary>
internal sealed class PythonPeer : IDisposable
{
    private readonly Process process;

    private PythonPeer(Process process, string version)
    {
        this.process = process;
        Version = version;
    }

    public string Version { get; }

    /// <summary>What the last run said beside its seconds; empty before the first.</summary>
    public string[] Answer { get; private set; } = [];

    /// <summary>Starts a script of this folder with the first Python on the PATH that has its modules; null if there is none.</summary>
    public static PythonPeer? Start(string script, params string[] arguments)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach (var python in folders.Select(folder => Path.Combine(folder, "python3")).Where(File.Exists))
        {
            var start = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, script), .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            var process = Process.Start(start)!;
            process.BeginErrorReadLine();
            if (process.StandardOutput.ReadLine() is { } version)
                return new PythonPeer(process, version);
            process.WaitForExit();
            process.Dispose();
        }

        return null;
    }

    /// <summary>One run, in the seconds that the script took.</summary>
    public TimeSpan Run()
    {
        process.StandardInput.WriteLine();
        process.StandardInput.Flush();
        var answer = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The Python process ended before its answer.");
        var parts = answer.Split(' ');
        Answer = parts[1..];
        return TimeSpan.FromSeconds(double.Parse(parts[0], CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
