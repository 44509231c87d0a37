using System.Diagnostics;

namespace DeconvNet.Tests.Support;

/// <summary>A Python that has PyTorch and NumPy, such as Debian's python3-torch; tests that need it are skipped with a reason where there is none.</summary>
internal static class Python
{
    private static readonly Lazy<string?> Interpreter = new(() =>
        Candidates()
            .FirstOrDefault(path => !string.IsNullOrEmpty(path) && Run(path, "-c", "import torch, numpy") is (0, _)));

    // Wine would start the Python of Linux, which does not know the names of its files.
    private static string?[] Candidates() =>
        [Environment.GetEnvironmentVariable("DECONVNET_PYTHON"), .. OperatingSystem.IsWindows() ? (string[])["python"] : ["/usr/bin/python3", "python3"]];

    /// <summary>Runs a script; its exit code must be 0.</summary>
    public static void RunScript(params string[] arguments)
    {
        Assert.SkipWhen(Interpreter.Value is null, "There is no Python with PyTorch and NumPy: install python3-torch, or name one in DECONVNET_PYTHON.");
        var (code, errors) = Run(Interpreter.Value!, arguments);
        Assert.True(code == 0, $"Python ended with {code}: {errors}");
    }

    private static (int Code, string Errors) Run(string path, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, errors);
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or IOException)
        {
            return (-1, error.Message);
        }
    }
}
