using System.IO.Compression;
using System.Runtime.InteropServices;
using DeconvNet.OnnxRuntime.Calibration;
using DeconvNet.OnnxRuntime.Graphs;
using DeconvNet.Weights;
using Microsoft.ML.OnnxRuntime;

namespace DeconvNet.OnnxRuntime;

public sealed partial class OnnxModel
{
    // No network compresses this well; a larger ratio indicates a decompression bomb.
    private const int LargestRatio = 100;

    /// <summary>
    /// Loads a network from a file that <see cref="Export(TrainedWeights, string, WeightsInfo)"/> or
    /// <see cref="ExportInt8(TrainedWeights, ActivationHistograms, string, Int8Options, WeightsInfo)"/> wrote, optionally compressed with gzip.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The engine options; <see cref="OnnxEngineOptions.Default"/> if omitted.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or truncated, or was not written by this library.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime cannot be loaded.</exception>
    public static OnnxModel Load(string path, OnnxEngineOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var stream = InputFile.Open(path, "an .onnx file");
        return Load(stream, path, options);
    }

    /// <summary>Loads a network from a stream, for instance an embedded resource, from its current position to its end; optionally compressed with gzip.</summary>
    /// <param name="stream">The stream; it is left open.</param>
    /// <param name="name">Name in error messages.</param>
    /// <param name="options">The engine options; <see cref="OnnxEngineOptions.Default"/> if omitted.</param>
    /// <exception cref="InvalidDataException">The file is damaged or truncated, or was not written by this library.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime cannot be loaded.</exception>
    public static OnnxModel Load(Stream stream, string name, OnnxEngineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        (options ?? OnnxEngineOptions.Default).Validate();
        return Load(ReadToEnd(stream, name), name, options ?? OnnxEngineOptions.Default);
    }

    internal static OnnxModel Load(byte[] bytes, string name, OnnxEngineOptions options)
    {
        var metadata = StoredGraph.Require(bytes, name);
        NetworkSessions sessions;
        try
        {
            sessions = new NetworkSessions(bytes, scoresCrops: !WeightsMetadata.IsForFcn(metadata), options);
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidDataException($"{name} is damaged. ONNX Runtime says: {error.Message}", error);
        }

        try
        {
            return new OnnxModel(sessions, metadata, name);
        }
        catch
        {
            sessions.Dispose();
            throw;
        }
    }

    private static byte[] ReadToEnd(Stream stream, string name)
    {
        var bytes = InputFile.ReadAll(stream, name, Array.MaxLength);
        if (bytes.Span is [0x1F, 0x8B, ..])
            bytes = Decompress(bytes, name);

        // The buffer for a file of known length is filled exactly.
        return MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Array!.Length == bytes.Length ? segment.Array : bytes.ToArray();
    }

    private static ReadOnlyMemory<byte> Decompress(ReadOnlyMemory<byte> bytes, string name)
    {
        MemoryMarshal.TryGetArray(bytes, out var segment);
        using var compressed = new MemoryStream(segment.Array!, segment.Offset, segment.Count);
        using var gzip = new GZipStream(compressed, CompressionMode.Decompress);
        try
        {
            return InputFile.ReadAll(gzip, name, (int)Math.Min(Array.MaxLength, (long)bytes.Length * LargestRatio));
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{name} is compressed by gzip, and is damaged or truncated: {error.Message}", error);
        }
    }
}
