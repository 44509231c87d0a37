namespace DeconvNet.Training;

/// <summary>Where a training run stands, reported after every step.</summary>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Iteration">Steps done in the stage.</param>
/// <param name="Iterations">Steps of the stage.</param>
/// <param name="Loss">Mean cross-entropy per valid pixel of the step, in nats.</param>
/// <param name="PixelAccuracy">Share of valid pixels of the step that were right, 0 … 1; of crops where only the encoder learns.</param>
/// <param name="LearningRate">Rate of the step.</param>
/// <param name="ImagesPerSecond">Crops a second since the run began or was resumed.</param>
/// <param name="Remaining">Estimated time to the end of the last stage, at the present speed.</param>
public sealed record TrainingProgress(
    string Stage,
    int Iteration,
    int Iterations,
    double Loss,
    double PixelAccuracy,
    double LearningRate,
    double ImagesPerSecond,
    TimeSpan Remaining);
