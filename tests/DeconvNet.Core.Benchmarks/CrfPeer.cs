using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using DeconvNet.Crf;
using DeconvNet.Imaging;

namespace DeconvNet.Benchmarks;

/// <summary>Another CRF, in a separate process.</summary>
internal sealed class CrfPeer : IDisposable
{
    private readonly string program;
    private readonly string photoFile = Path.GetTempFileName();
    private readonly string energyFile = Path.GetTempFileName();
    private readonly string[] numbers;

    private CrfPeer(string program, RgbImage photo, UnaryEnergies energies, int iterations)
    {
        this.program = program;
        File.WriteAllBytes(photoFile, photo.Pixels);
        File.WriteAllBytes(energyFile, MemoryMarshal.AsBytes(energies.Values.AsSpan()));
        numbers = [.. new[] { photo.Width, photo.Height, energies.LabelCount, iterations }.Select(number => number.ToString(CultureInfo.InvariantCulture))];
    }

    public static CrfPeer? FromEnvironment(RgbImage photo, UnaryEnergies energies, int iterations)
        => Environment.GetEnvironmentVariable("DECONVNET_CRF_PEER") is { Length: > 0 } program ? new CrfPeer(program, photo, energies, iterations) : null;

    public double Run()
    {
        using var process = Process.Start(new ProcessStartInfo(program, [photoFile, energyFile, .. numbers]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.Parse(output, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        File.Delete(photoFile);
        File.Delete(energyFile);
    }
}
