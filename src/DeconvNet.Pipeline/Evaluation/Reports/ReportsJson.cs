using System.Text.Json.Serialization;

namespace DeconvNet.Evaluation.Reports;

/// <summary>Source-generated, since trimmed and ahead-of-time compiled applications have no reflection-based JSON.</summary>
[JsonSourceGenerationOptions(
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true)]
[JsonSerializable(typeof(ReportJson))]
[JsonSerializable(typeof(TableJson))]
internal sealed partial class ReportsJson : JsonSerializerContext;
