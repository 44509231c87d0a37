using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using DeconvNet.Architecture;

namespace DeconvNet.Weights.Formats;

internal sealed partial class SafetensorsFile
{
    private const int ChunkLength = 1 << 18;

    private static readonly JsonWriterOptions HeaderOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes a file atomically: if anything fails, no partial file is left and an existing file is untouched. Equal input gives equal bytes.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The tensors. 32-bit tensors are stored before 16-bit ones, for alignment, otherwise in this order.</param>
    /// <param name="metadata">Strings for the header's <c>__metadata__</c>.</param>
    /// <exception cref="ArgumentException">A name is repeated or reserved, a shape or number of values is wrong, or a value does not fit in 16 bits.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<WeightTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        WeightTensor[] ordered = [.. tensors.OrderBy(tensor => tensor.Precision)];
        var header = MakeHeader(ordered, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> prefix = stackalloc byte[SafetensorsHeader.PrefixLength];
            BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
            stream.Write(prefix);
            stream.Write(header);
            foreach (var tensor in ordered)
            {
                WriteValues(stream, tensor);
                GC.KeepAlive(tensor);
            }
        });
    }

    private static byte[] MakeHeader(WeightTensor[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { "__metadata__" };
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, HeaderOptions))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                    writer.WriteString(key, value);
                writer.WriteEndObject();
            }

            var position = 0L;
            foreach (var tensor in tensors)
            {
                if (!names.Add(tensor.Name))
                    throw new ArgumentException($"The name '{tensor.Name}' is given twice or reserved.", nameof(tensors));
                var type = tensor.Precision == WeightPrecision.Half ? WeightType.F16 : WeightType.F32;
                var count = WeightShape.Count(tensor.Shape)
                    ?? throw new ArgumentException($"The tensor '{tensor.Name}' has the impossible shape {WeightShape.Text(tensor.Shape)}.", nameof(tensors));
                writer.WriteStartObject(tensor.Name);
                writer.WriteString("dtype", type.Code());
                WriteNumbers(writer, "shape", tensor.Shape);
                WriteNumbers(writer, "data_offsets", [position, position + (count * type.Size())]);
                writer.WriteEndObject();
                position += count * type.Size();
            }

            writer.WriteEndObject();
        }

        // The header is padded with spaces to a multiple of 8, so that the data of a memory-mapped file is aligned.
        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, IEnumerable<long> numbers)
    {
        writer.WriteStartArray(name);
        foreach (var number in numbers)
            writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }

    private static void WriteValues(Stream stream, WeightTensor tensor)
    {
        var values = tensor.Lend is { } lend ? lend() : tensor.Values().Span;
        if (values.Length != WeightShape.Count(tensor.Shape))
            throw new ArgumentException($"The tensor '{tensor.Name}' gave {values.Length} values for the shape {WeightShape.Text(tensor.Shape)}.", nameof(tensor));
        if (tensor.Precision == WeightPrecision.Full)
        {
            stream.Write(MemoryMarshal.AsBytes(values));
            return;
        }

        var halves = new Half[Math.Min(values.Length, ChunkLength)];
        for (var done = 0; done < values.Length; done += halves.Length)
        {
            var part = values[done..Math.Min(values.Length, done + halves.Length)];
            for (var i = 0; i < part.Length; i++)
            {
                halves[i] = (Half)part[i];
                if (Half.IsInfinity(halves[i]) && float.IsFinite(part[i]))
                    throw new ArgumentException($"The value {part[i].ToString(CultureInfo.InvariantCulture)} of tensor '{tensor.Name}' does not fit 16 bits (up to 65504); store it in full precision.", nameof(tensor));
            }

            stream.Write(MemoryMarshal.AsBytes(halves.AsSpan(0, part.Length)));
        }
    }
}
