namespace DeconvNet.Evaluation;

/// <summary>One class's row of an <see cref="EvaluationReport"/>.</summary>
/// <param name="ClassId">Class id; 0 is background.</param>
/// <param name="Name">The class's name.</param>
/// <param name="IoU">Intersection over union, 0 … 1; NaN where the class neither occurs nor was predicted.</param>
/// <param name="Accuracy">Share of its pixels that were found, 0 … 1; NaN where it does not occur.</param>
/// <param name="TruthPixels">Pixels of the class.</param>
/// <param name="PredictedPixels">Pixels that were given the class.</param>
public sealed record ClassScore(int ClassId, string Name, double IoU, double Accuracy, long TruthPixels, long PredictedPixels);
