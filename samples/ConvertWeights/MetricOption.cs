using System.CommandLine;
using System.Text.Json;
using DeconvNet.Weights;

namespace ConvertWeights;

/// <summary>The option that stores with weights what EvaluateVoc measured.</summary>
internal static class MetricOption
{
    private const string Report = "report.json";
    private const string Card = "method.json";

    public static Option<string[]> Create(string what) => new("--metric")
    {
        Description = $"{what}: NAME=FOLDER, the name of the data set and the folder of the method in EvaluateVoc's --out, such as voc2012-val=results/deconvnet; may be given several times.",
        DefaultValueFactory = _ => [],
    };

    /// <summary>Reads what the folders hold, by the names of the data sets.</summary>
    public static Dictionary<string, MeasuredAccuracy> Read(IReadOnlyList<string> options)
    {
        var accuracy = new Dictionary<string, MeasuredAccuracy>(StringComparer.Ordinal);
        foreach (var option in options)
        {
            if (option.Split('=', 2) is not [{ Length: > 0 } name, { Length: > 0 } folder])
                throw new ArgumentException($"--metric {option}: expected NAME=FOLDER.");
            if (!accuracy.TryAdd(name, ReadFolder(folder)))
                throw new ArgumentException($"--metric {option}: {name} is given twice.");
        }

        return accuracy;
    }

    private static MeasuredAccuracy ReadFolder(string folder)
    {
        var path = Path.Combine(folder, Report);
        try
        {
            using var report = JsonDocument.Parse(File.ReadAllBytes(path));
            using var card = JsonDocument.Parse(File.ReadAllBytes(path = Path.Combine(folder, Card)));
            return new MeasuredAccuracy
            {
                ImageCount = report.RootElement.GetProperty("images").GetInt32(),
                MeanIoU = report.RootElement.GetProperty("meanIoU").GetDouble(),
                PixelAccuracy = report.RootElement.GetProperty("pixelAccuracy").GetDouble(),
                Method = card.RootElement.GetProperty("Description").GetString(),
            };
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{path} is not what EvaluateVoc writes: {error.Message}", error);
        }
    }
}
