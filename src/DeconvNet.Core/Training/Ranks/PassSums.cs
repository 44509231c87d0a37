namespace DeconvNet.Training.Ranks;

/// <summary>What the passes of a step have told.</summary>
/// <param name="Loss">The sum of their losses, each divided by the number of passes in the step.</param>
/// <param name="Right">Pixels, or crops, that were right.</param>
/// <param name="Valid">Pixels, or crops, that count.</param>
internal readonly record struct PassSums(double Loss, long Right, long Valid);
