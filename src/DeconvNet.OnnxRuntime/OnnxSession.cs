using Microsoft.ML.OnnxRuntime;

namespace DeconvNet.OnnxRuntime;

/// <summary>How sessions of ONNX Runtime are set up here.</summary>
internal static class OnnxSession
{
    /// <summary>Makes the settings of a session; the caller disposes them.</summary>
    /// <exception cref="InvalidOperationException">ONNX Runtime, or the provider, does not run here.</exception>
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
                $"The native library of ONNX Runtime does not load here: {(error.InnerException ?? error).Message} It comes with the package Microsoft.ML.OnnxRuntime, for x64 and ARM64 of Linux and Windows, and for macOS on ARM64.", error);
        }

        try
        {
            settings.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL;

            // What goes wrong is in the exception; nothing is written to the error stream of the application.
            settings.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
            settings.IntraOpNumThreads = options.Threads ?? Environment.ProcessorCount;
            settings.InterOpNumThreads = 1;

            // Threads that spin while they wait take the time of whatever else runs.
            settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            if (options.Provider == OnnxProvider.Cuda)
                settings.AppendExecutionProvider_CUDA(options.Device);
            return settings;
        }
        catch (Exception error) when (error is OnnxRuntimeException or EntryPointNotFoundException)
        {
            settings.Dispose();
            throw new InvalidOperationException($"ONNX Runtime has no provider {options.Provider} here: {error.Message}", error);
        }
    }
}
