using System.Globalization;
using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Weights;
using DeconvNet.Weights.Formats;
using Spectre.Console;

namespace ConvertWeights;

/// <summary>The content of a weights file as two tables: the file and its tensors.</summary>
internal static class Inspection
{
    public static void Print(string path)
    {
        var contents = WeightsContents.Read(path);
        AnsiConsole.Write(File(path, contents));
        AnsiConsole.Write(Tensors(contents.Tensors));
        if (contents.Refusal is not null)
            AnsiConsole.WriteLine($"DeconvNetModel.Load refuses it: {contents.Refusal}");
    }

    private static Table File(string path, WeightsContents contents)
    {
        var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumn("").AddColumn("");
        Add("format", contents.Format.ToString());
        Add("size", $"{contents.FileSize:N0} bytes");
        Add("sha256", WeightsContents.ComputeSha256(path));
        Add("tensors", $"{contents.Tensors.Count} with {contents.Tensors.Sum(tensor => tensor.Count):N0} values");
        if (contents.DeconvNetOptions is { } options)
            AddOptions(options);
        if (contents.Summary is { } summary)
            Add("cost", $"{summary.ParameterCount:N0} parameters, {summary.MultiplyAdds:N0} multiply-adds");
        if (contents.ClassNames is { } names)
            Add("classes", string.Join(", ", names));

        var info = contents.Info;
        Add("id", info.Id);
        Add("name", info.Name);
        Add("license", info.License);
        Add("citation", info.Citation);
        Add("recipe", info.Recipe);
        Add("notes", info.Notes);
        foreach (var (setting, value) in Settings(info.Inference))
            Add(setting, value?.ToString(CultureInfo.InvariantCulture));
        foreach (var (dataSet, accuracy) in info.Metrics)
            Add(dataSet, Text(accuracy));
        return table;

        void AddOptions(DeconvNetOptions options)
        {
            Add("network", $"{options.ClassCount} classes, width {options.Width}, fc {options.FcChannels}, input {options.InputSize} × {options.InputSize}, {(options.ConvBias ? "with" : "no")} biases");
            Add("batch norm", $"epsilon {options.BatchNormEpsilon}, momentum {options.BatchNormMomentum}");
            Add("output", options.SoftmaxOutput ? "probabilities" : "scores");
            Add("layer names", options.Naming.ToString());
            var preprocessing = options.Preprocessing;
            Add("preprocessing", $"{preprocessing.Order}, minus {Values(preprocessing.Mean)}, times {Values(preprocessing.Scale)}");
        }

        void Add(string what, string? value)
        {
            if (value is not null)
                table.AddRow(new Text(what), new Text(value));
        }
    }

    private static (string Name, double? Value)[] Settings(InferenceSettings settings) =>
    [
        ("working side", settings.WorkingSide),
        ("proposals", settings.MaxProposals),
        ("temperature", settings.Temperature),
        ("region threshold", settings.MinRegionConfidence),
    ];

    private static string Text(MeasuredAccuracy accuracy)
    {
        var pixels = accuracy.PixelAccuracy is { } fraction ? string.Create(CultureInfo.InvariantCulture, $", pixel accuracy {100 * fraction:0.0} %") : "";
        return string.Create(CultureInfo.InvariantCulture, $"mean IoU {100 * accuracy.MeanIoU:0.0} %{pixels}, {accuracy.ImageCount} images{(accuracy.Method is null ? "" : $"; {accuracy.Method}")}");
    }

    private static string Values(ChannelValues values) => values == ChannelValues.All(values.Plane0)
        ? values.Plane0.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{values.Plane0}, {values.Plane1}, {values.Plane2}");

    private static Table Tensors(IReadOnlyList<StoredTensor> tensors)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("tensor").AddColumn("shape").AddColumn("type").AddColumn(new TableColumn("values").RightAligned());
        foreach (var tensor in tensors)
            table.AddRow(new Text(tensor.Name), new Text(string.Join(" × ", tensor.Shape)), new Text(tensor.TypeName), new Text($"{tensor.Count:N0}"));
        return table;
    }
}
