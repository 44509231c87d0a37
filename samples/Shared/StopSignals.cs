using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Samples;

/// <summary>
/// Turns Ctrl+C (SIGINT) and SIGTERM into cancellation. The process exits only after its work has stopped: libtorch and ONNX Runtime abort when a process exits while a network runs. A second
/// Ctrl+C exits immediately.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    // Never disposed: a signal may arrive while the program exits.
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;
    private int interrupts;

    public StopSignals() => registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];

    public CancellationToken Token => source.Token;

    public void Dispose() => Array.ForEach(registrations, registration => registration.Dispose());

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;

        // Launchers such as mpirun follow Ctrl+C with a SIGTERM of their own, which must not count as the second signal.
        if (context.Signal == PosixSignal.SIGINT && Interlocked.Increment(ref interrupts) > 1)
            Process.GetCurrentProcess().Kill();
        source.Cancel();
    }
}
