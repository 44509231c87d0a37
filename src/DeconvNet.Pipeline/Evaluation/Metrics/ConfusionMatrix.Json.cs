using System.Text.Json;
using System.Text.Json.Serialization;

namespace DeconvNet.Evaluation.Metrics;

public sealed partial class ConfusionMatrix
{
    /// <summary>The counts as JSON: an array with one row per true class, each an array with one count per predicted class.</summary>
    public string ToJson() => JsonSerializer.Serialize(ToRows(), ConfusionMatrixJson.Default.Int64ArrayArray);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The text is not a square array of counts; the message says where.</exception>
    public static ConfusionMatrix FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return FromRows(JsonSerializer.Deserialize(json, ConfusionMatrixJson.Default.Int64ArrayArray));
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"The confusion matrix is not an array of rows of whole numbers: {fault.Message}", fault);
        }
    }

    internal long[][] ToRows() => [.. Classes.Select(id => counts.AsSpan(id * ClassCount, ClassCount).ToArray())];

    private static ConfusionMatrix FromRows(long[]?[]? rows)
    {
        if (rows is null or { Length: 0 or > byte.MaxValue })
            throw new InvalidDataException($"The confusion matrix has {rows?.Length ?? 0} rows; expected 1 … {byte.MaxValue}.");

        var matrix = new ConfusionMatrix(rows.Length);
        for (var truth = 0; truth < rows.Length; truth++)
        {
            if (rows[truth] is not { } row || row.Length != rows.Length)
                throw new InvalidDataException($"Row {truth} of the confusion matrix has {rows[truth]?.Length ?? 0} counts; expected {rows.Length}.");

            var negative = Array.FindIndex(row, count => count < 0);
            if (negative >= 0)
                throw new InvalidDataException($"Row {truth} of the confusion matrix counts {row[negative]} pixels of class {negative}.");

            row.CopyTo(matrix.counts, truth * rows.Length);
        }

        return matrix;
    }
}

/// <summary>Source-generated, since trimmed and ahead-of-time compiled applications have no reflection-based JSON.</summary>
[JsonSerializable(typeof(long[][]))]
internal sealed partial class ConfusionMatrixJson : JsonSerializerContext;
