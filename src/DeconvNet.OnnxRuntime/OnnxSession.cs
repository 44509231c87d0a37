using Microsoft.ML.OnnxRuntime;

namespace DeconvNet.OnnxRuntime;

/// <summary>How sessions of ONNX Runtime are set up and run.</summary>
internal static class OnnxSession
{
    /// <summary>Makes the settings of a session; the caller disposes them.</summary>
    /// <exception cref="InvalidOperationException">ONNX Runtime does not run here.</exception>
    public static SessionOptions Settings(OnnxEngineOptions options)
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

        // What goes wrong is in the exception; the application's error stream stays clean.
        settings.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        settings.IntraOpNumThreads = options.Threads ?? Environment.ProcessorCount;
        settings.InterOpNumThreads = 1;

        // Threads that spin while they wait slow down whatever else runs.
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");

        // Where 16 bits hold the sums of products (AVX2 without VNNI), bytes with a sign overflow; these kernels do not.
        settings.AddSessionConfigEntry("session.x64quantprecision", "1");
        return settings;
    }

    /// <summary>Makes a pass, which ends early when the token is canceled.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="network">What the error calls the network.</param>
    /// <param name="shape">The shape of its input, for the error.</param>
    /// <param name="cancellationToken">Ends the pass.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <exception cref="InvalidOperationException">The network failed, for instance for want of memory.</exception>
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
