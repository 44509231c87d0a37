namespace DeconvNet.Training.Ranks;

/// <summary>The results of a step's passes.</summary>
/// <param name="Loss">The sum of their losses, each divided by the number of passes in the step.</param>
/// <param name="Right">Pixels or crops predicted correctly.</param>
/// <param name="Valid">Pixels or crops with a target.</param>
internal readonly record struct PassSums(double Loss, long Right, long Valid);
