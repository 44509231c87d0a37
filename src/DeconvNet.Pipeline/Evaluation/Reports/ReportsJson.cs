using System.Text.Json.Serialization;

namespace DeconvNet.Evaluation.Reports;

/// <summary>Generated, since an application that is trimmed or compiled ahead of time has no reflection for JSON.</summary>
[JsonSourceGenerationOptions(
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true)]
[JsonSerializable(typeof(ReportJson))]
[JsonSerializable(typeof(TableJson))]
internal sealed partial class ReportsJson : JsonSerializerContext;
