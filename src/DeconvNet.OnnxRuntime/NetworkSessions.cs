using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DeconvNet.OnnxRuntime;

/// <summary>
/// The sessions of a network. If a batch has at least as many crops as there are threads, each thread takes one crop after another: that needs less processor time than sharing
/// every layer, and a thread that other processes slow down takes fewer crops. Smaller batches and whole images run on a session that shares each layer among the threads.
/// </summary>
/// <remarks>Thread-safe. The logits of an image do not depend on the images around it, the thread, or the session (tested).</remarks>
internal sealed class NetworkSessions : IDisposable
{
    // Threads wait for each other at the end of a batch; memory limits its size.
    private const int UsualBatch = 16;
    private const int LargestBatch = 256;

    private readonly Lock creation = new();
    private readonly OnnxEngineOptions options;
    private readonly int threads;

    // Runs on the thread that calls it; absent for whole images.
    private readonly InferenceSession? single;

    // Its weights are a copy, so it is not created before it is needed; until then, the file is kept.
    private InferenceSession? shared;
    private byte[]? file;

    /// <param name="file">The <c>.onnx</c> file.</param>
    /// <param name="scoresCrops">Whether the network scores crops of a fixed size, rather than whole images.</param>
    /// <param name="options">The engine options.</param>
    /// <exception cref="OnnxRuntimeException">The file is damaged.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime cannot be loaded.</exception>
    public NetworkSessions(byte[] file, bool scoresCrops, OnnxEngineOptions options)
    {
        this.options = options;
        threads = options.ThreadCount;
        if (!scoresCrops)
        {
            shared = Create(file, threads);
            return;
        }

        single = Create(file, 1);
        if (threads > 1)
            this.file = file;
    }

    /// <summary>Names and shapes of the input.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Input => (single ?? shared!).InputMetadata;

    /// <summary>Names and shapes of the output.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Output => (single ?? shared!).OutputMetadata;

    /// <summary>Batches of nearly equal sizes, each of which gives every thread as many images.</summary>
    public int BatchSizeFor(int count)
    {
        var batches = RoundUp(count, Math.Max(UsualBatch, threads));
        return Math.Min(LargestBatch, RoundUp(RoundUp(count, batches), threads) * threads);

        static int RoundUp(int number, int divisor) => (int)(((long)number + divisor - 1) / divisor);
    }

    /// <summary>Scores images.</summary>
    /// <exception cref="OnnxRuntimeException">The network failed, or the run was terminated.</exception>
    public void Run(RunOptions run, ImageBatch batch)
    {
        if (single is null || batch.Count < threads)
            Run(Shared(), run, batch);
        else
            ParallelQueue.Run(batch.Count, threads, i => Run(single, run, batch[i]));
    }

    public void Dispose()
    {
        single?.Dispose();
        shared?.Dispose();
    }

    private static InferenceSession Create(byte[] file, int threads)
    {
        using var settings = OnnxSession.Settings(threads);
        return new InferenceSession(file, settings);
    }

    private static void Run(InferenceSession session, RunOptions run, ImageBatch batch)
    {
        using var from = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.Float, batch.InputShape, batch.Input, batch.InputBytes);
        using var to = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.Float, batch.LogitsShape, batch.Logits, batch.LogitsBytes);
        session.Run(run, [Graphs.NetworkGraph.Input], [from], [Graphs.NetworkGraph.Output], [to]);
    }

    private InferenceSession Shared()
    {
        lock (creation)
        {
            shared ??= Create(file!, threads);
            file = null;
            return shared;
        }
    }
}
