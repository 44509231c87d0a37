using System.Text.Json.Serialization;

namespace DeconvNet.Evaluation;

/// <summary>Generated, since an application that is trimmed or compiled ahead of time has no reflection for JSON.</summary>
[JsonSourceGenerationOptions(
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true)]
[JsonSerializable(typeof(ReportJson))]
[JsonSerializable(typeof(TableJson))]
internal sealed partial class EvaluationJson : JsonSerializerContext;

/// <summary>The same without line breaks, for what is read by machines only.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ImageScoreJson))]
[JsonSerializable(typeof(long[][]))]
internal sealed partial class CompactJson : JsonSerializerContext;
