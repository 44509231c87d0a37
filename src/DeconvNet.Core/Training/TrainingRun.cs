using DeconvNet.Datasets;

namespace DeconvNet.Training;

/// <summary>One call of <see cref="SegmentationTrainer.TrainAsync"/>.</summary>
/// <param name="Data">The images.</param>
/// <param name="Fingerprint">Everything that decides the weights; a checkpoint of another fingerprint is refused.</param>
/// <param name="Progress">Hears of every step.</param>
/// <param name="CancellationToken">Stops after the step at hand.</param>
internal sealed record TrainingRun(ISegmentationDataset Data, string Fingerprint, IProgress<TrainingProgress>? Progress, CancellationToken CancellationToken);
