using DeconvNet.Datasets;

namespace DeconvNet.Training;

/// <summary>The arguments of a call of <see cref="SegmentationTrainer.TrainAsync"/>.</summary>
/// <param name="Data">The images.</param>
/// <param name="Fingerprint">Everything that determines the weights; checkpoints with a different fingerprint are rejected.</param>
/// <param name="Progress">Reports every step.</param>
/// <param name="CancellationToken">Stops after the current step.</param>
internal sealed record TrainingRun(ISegmentationDataset Data, string Fingerprint, IProgress<TrainingProgress>? Progress, CancellationToken CancellationToken);
