using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Samples;

/// <summary>
/// Ctrl+C (SIGINT) and SIGTERM as a cancellation. The process does not end before its work has: libtorch and ONNX Runtime abort where a process ends around a network that runs. A second Ctrl+C
/// ends it at once.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    // Never disposed: a signal may come while the program ends.
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;
    private int interrupts;

    public StopSignals() => registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];

    public CancellationToken Token => source.Token;

    public void Dispose() => Array.ForEach(registrations, registration => registration.Dispose());

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;

        // Launchers such as mpirun answer Ctrl+C with a SIGTERM of their own, which must not count as the second.
        if (context.Signal == PosixSignal.SIGINT && Interlocked.Increment(ref interrupts) > 1)
            Process.GetCurrentProcess().Kill();
        source.Cancel();
    }
}
