using Microsoft.ML.OnnxRuntime;

namespace DeconvNet.OnnxRuntime;

/// <summary>Configures and runs sessions of ONNX Runtime.</summary>
internal static class OnnxSession
{
    /// <summary>Creates the options of a session; the caller disposes them.</summary>
    /// <param name="threads">Number of threads that share a layer; with 1, a session runs on the thread that calls it.</param>
    /// <exception cref="InvalidOperationException">ONNX Runtime cannot be loaded.</exception>
    public static SessionOptions Settings(int threads)
    {
        SessionOptions settings;
        try
        {
            settings = new SessionOptions();
        }
        catch (Exception error) when (error is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException)
        {
            throw new InvalidOperationException(
                $"The native library of ONNX Runtime does not load: {(error.InnerException ?? error).Message} The package Microsoft.ML.OnnxRuntime has it for Linux and Windows on x64 and ARM64 and for macOS on ARM64.", error);
        }

        settings.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL;

        // Errors are reported as exceptions; nothing is written to the application's error stream.
        settings.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        settings.IntraOpNumThreads = threads;
        settings.InterOpNumThreads = 1;

        // Threads that spin while they wait slow down everything else.
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");

        // With 16-bit sums of products (AVX2 without VNNI), signed bytes overflow; these kernels avoid that.
        settings.AddSessionConfigEntry("session.x64quantprecision", "1");
        return settings;
    }

    /// <summary>Runs a network; cancellation interrupts the run.</summary>
    /// <param name="pass">Runs the network.</param>
    /// <param name="network">Name of the network in error messages.</param>
    /// <param name="shape">Shape of its input, for error messages.</param>
    /// <param name="cancellationToken">Interrupts the run.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <exception cref="InvalidOperationException">The network failed, for example because memory ran out.</exception>
    public static void Run(Action<RunOptions> pass, string network, IReadOnlyList<long> shape, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var run = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var cancellation = cancellationToken.Register(() => run.Terminate = true);
        try
        {
            pass(run);
        }
        catch (OnnxRuntimeException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new InvalidOperationException($"{network} failed on input of shape [{string.Join(", ", shape)}]: {error.Message}", error);
        }
    }
}
