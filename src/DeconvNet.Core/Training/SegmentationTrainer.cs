using System.Runtime.InteropServices;
using DeconvNet.Architecture;
using DeconvNet.Datasets;
using DeconvNet.Networks;
using DeconvNet.Proposals;
using DeconvNet.Proposals.Search;
using DeconvNet.Training.Distillation;
using DeconvNet.Training.Examples;
using DeconvNet.Training.Logging;
using DeconvNet.Training.Optimization;
using DeconvNet.Training.Ranks;
using DeconvNet.Training.Stages;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static TorchSharp.torch;

namespace DeconvNet.Training;

/// <summary>
/// Trains a <see cref="DeconvNetModel"/> in stages (as in the paper): object crops first, proposal crops second; or an <see cref="FcnModel"/> on
/// whole images. Estimates the population statistics of batch norm at the end. With a <see cref="TrainingOptions.Folder"/>, training can be stopped at any time and
/// resumed exactly: on the same machine with the same number of threads, the weights are bit-identical.
/// </summary>
/// <remarks>One training at a time. The model is not disposed. Torch's global random generator is never seeded.</remarks>
public sealed partial class SegmentationTrainer : IDisposable
{
    private readonly SegmentationModel model;
    private readonly TrainingOptions options;
    private readonly IProposalGenerator proposals;
    private readonly ILogger logger;
    private readonly Teacher? teacher;
    private readonly Validation? validation;
    private readonly ClassHead? classHead;
    private readonly FeatureImitation? imitation;
    private readonly Optimizer optimizer;
    private readonly PassGradients gradients;
    private readonly WeightAverage? average;
    private readonly (string Name, Tensor Value)[] state;
    private readonly Device device;
    private bool disposed;
    private int running;

    /// <summary>Creates a trainer; nothing is read or written yet.</summary>
    /// <param name="model">The network; it is trained in place, on its current device.</param>
    /// <param name="options">The recipe; <see cref="TrainingOptions.Published"/> if <see langword="null"/>.</param>
    /// <param name="proposals">Proposal generator of the second stage; <see cref="EdgeBoxes"/> if <see langword="null"/>.</param>
    /// <param name="teacher">A teacher for distillation; class masks only if <see langword="null"/>.</param>
    /// <param name="validation">Validation during training; none if <see langword="null"/>.</param>
    /// <param name="logger">Logs stages, checkpoints and resuming.</param>
    /// <param name="communicator">
    /// Connects the processes that train together, each with its own trainer and the same arguments; <see langword="null"/> for this one alone. Every rank makes its share of
    /// the passes of a step (<see cref="TrainingStage.Accumulation"/>), and the step equals that of one process which makes them all, up to rounding. Rank 0 works in the
    /// folder; where it starts or resumes, all start. Stays the caller's.
    /// </param>
    /// <exception cref="ArgumentException">An option is out of range or does not fit the classes, a stage has another input size than the network, or asks for a teacher that is not there or does not fit, or has fewer passes in a step than there are ranks.</exception>
    public SegmentationTrainer(SegmentationModel model, TrainingOptions? options = null, IProposalGenerator? proposals = null, Teacher? teacher = null, Validation? validation = null, ILogger? logger = null, ICommunicator? communicator = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        this.model = model;
        this.options = options ?? TrainingOptions.Published;
        this.options.Validate();
        foreach (var stage in this.options.Stages)
            InputSizeOf(stage);
        this.proposals = proposals ?? new EdgeBoxes();
        this.teacher = teacher;
        teacher?.Validate(model, this.options.Stages.Where(stage => stage.ImitationWeight > 0).Select(InputSizeOf));
        var imitates = this.options.Stages.Any(stage => stage.ImitationWeight > 0);
        if (imitates && teacher is not { Model: not null, Layers.Count: > 0 })
            throw new ArgumentException("A stage has an ImitationWeight; that needs a teacher with a Model and Layers.", nameof(teacher));
        if (this.options.Stages.Any(stage => stage.SoftTargetFraction > 0) && teacher?.SoftTargets is null)
            throw new ArgumentException("A stage has a SoftTargetFraction; that needs a teacher with SoftTargets.", nameof(teacher));
        if (teacher?.SoftTargets is not null && this.options.Stages.FirstOrDefault(stage => stage.Augmentation.MovesPixels) is { } turned)
            throw new ArgumentException($"The stage {turned.Name} turns examples; a teacher's soft targets cannot be turned with them.", nameof(teacher));
        if (this.options.Loss.ClassWeights is { } weights && weights.Count != model.ClassNames.Count)
            throw new ArgumentException($"LossOptions.ClassWeights has {weights.Count} weights; the model has {model.ClassNames.Count} classes.", nameof(options));
        validation?.Validate(model.ClassNames);
        this.validation = validation;
        this.logger = logger ?? NullLogger.Instance;
        team = new RankTeam(communicator);
        RequirePasses();

        using var scope = NewDisposeScope();
        device = model.parameters().First().device;
        classHead = this.options.Stages.Any(stage => stage.ClassLossWeight > 0 || stage.Source == ExampleSource.ObjectClasses) ? new ClassHead(model.EncodedChannels, model.ClassNames.Count, device) : null;
        imitation = imitates ? new FeatureImitation(model, teacher!.Model!, teacher.Layers, device) : null;
        (string Name, TorchSharp.Modules.Parameter Value)[] heads = [.. classHead?.Parameters ?? [], .. imitation?.Parameters ?? []];
        (string name, TorchSharp.Modules.Parameter parameter)[] parameters = [.. model.named_parameters(), .. heads];
        optimizer = Optimizer.Create(this.options.Optimizer, parameters);
        gradients = new PassGradients(model, this.options.CaffeCompatibility);
        average = this.options.WeightAverageDecay > 0 ? new WeightAverage(model, this.options.WeightAverageDecay) : null;
        state =
        [
            .. WeightSlot.Of(model.Layers).Select(slot => (slot.Name, model.TensorOf(slot))),
            .. heads.Select(entry => (entry.Name, (Tensor)entry.Value)),
            .. optimizer.Buffers.Select(entry => ("optimizer." + entry.Name, entry.Value)),
            .. average?.Buffers.Select(entry => ("average." + entry.Name, entry.Value)) ?? [],
        ];
        exchange = team.IsAlone ? null : new StepExchange(team, model, parameters.Select(entry => entry.parameter).Where(parameter => parameter.requires_grad));
    }

    /// <summary>Trains to the end of the last stage, starting from the checkpoint in the folder if there is one. The model is in evaluation mode afterward.</summary>
    /// <param name="data">Images with class masks, and with objects for stages of object and proposal crops; images with soft targets may lack both.</param>
    /// <param name="progress">Reports every step and every batch of statistics, on a worker thread.</param>
    /// <param name="cancellationToken">Stops after the current step and writes a checkpoint.</param>
    /// <exception cref="ArgumentException">The classes of data set and model differ.</exception>
    /// <exception cref="InvalidDataException">The checkpoint belongs to another run or is damaged, or a file of the data set cannot be read.</exception>
    /// <exception cref="InvalidOperationException">
    /// The loss or a weight is not finite, libtorch failed, or this trainer is already training. The previous checkpoint is kept.
    /// </exception>
    /// <exception cref="IOException">Another training is running in the folder, or it cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled; training can be resumed.</exception>
    /// <exception cref="ObjectDisposedException">The trainer was disposed.</exception>
    public Task TrainAsync(ISegmentationDataset data, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ObjectDisposedException.ThrowIf(disposed, this);
        if (!model.ClassNames.Take(data.ClassNames.Count).SequenceEqual(data.ClassNames))
            throw new ArgumentException($"The data set has the classes {string.Join(", ", data.ClassNames)}; the model has {string.Join(", ", model.ClassNames)}.", nameof(data));

        return Interlocked.Exchange(ref running, 1) == 0
            ? RunAsync(data, progress, cancellationToken)
            : throw new InvalidOperationException("This trainer is training already. Wait until that has ended.");
    }

    /// <summary>Frees the buffers of the optimizer; the model is not disposed.</summary>
    /// <exception cref="InvalidOperationException">Training is running.</exception>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref running, 1) != 0)
            throw new InvalidOperationException("The trainer is training. Cancel the training and wait until it has ended, then dispose the trainer.");
        try
        {
            disposed = true;
            optimizer.Dispose();
            average?.Dispose();
            classHead?.Dispose();
            imitation?.Dispose();
            exchange?.Dispose();
        }
        finally
        {
            Volatile.Write(ref running, 0);
        }
    }

    private async Task RunAsync(ISegmentationDataset data, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            // Runs on a single thread, since dispose scopes belong to their thread.
            await Task.Factory.StartNew(() => Run(data, progress, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref running, 0);
        }
    }

    private void Run(ISegmentationDataset data, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        FolderLock? held = null;
        try
        {
            var fingerprint = "";
            team.Run(() =>
            {
                if (options.Folder is not null && team.IsFirst)
                {
                    held = FolderLock.Take(options.Folder, "training");
                    AtomicFile.RemoveLeftovers(options.Folder);
                }

                fingerprint = Fingerprint(data);
            });
            team.RequireSame(fingerprint + Rhythm());
            Train(new TrainingRun(data, fingerprint, progress, cancellationToken));
        }
        catch (Exception error) when (error is ExternalException or InsufficientMemoryException)
        {
            throw new InvalidOperationException($"Libtorch failed while training: {error.Message}", error);
        }
        finally
        {
            held?.Dispose();
        }
    }

    private void Train(TrainingRun run)
    {
        var place = Resume(run);
        if (place == default)
        {
            optimizer.Reset();
            average?.Reset();
        }

        if (place.Stage == options.Stages.Count)
        {
            model.eval();
            return;
        }

        var images = new ImageSource(run.Data, options.CacheImages, teacher?.SoftTargets);
        LossLogWriter? log = null;
        team.Run(() => log = OpenLog(place));
        using var held = log;
        var best = new BestScore();
        best.Restore(log?.Kept ?? []);
        var meter = new SpeedMeter(options, place);
        using var dropout = UseDropout();
        while (place.Stage < options.Stages.Count)
        {
            var stage = options.Stages[place.Stage];
            LogStage(logger, stage.Name, stage.Iterations, place.Iteration, null);
            using var frozen = new FrozenLayers(model, stage);
            var sampler = MakeSampler(images, stage, run.CancellationToken);
            using (var loader = MakeLoader(images, sampler, place.Stage, stage.BatchSize, BatchesOfSteps(stage.Accumulation, place.Iteration), run.CancellationToken))
            {
                model.train();
                place = TrainStage(run, stage, place, loader, new StageRecord(log, best, meter));
            }

            if (place.Stage == options.Stages.Count - 1)
            {
                SaveCheckpoint(run, place);

                // Once batches were counted, the weights are those of the average already, and the statistics belong to them.
                if (place.Statistics == 0)
                    average?.Apply();
                EstimateStatistics(run, images, sampler, place, meter);
                Validate(stage, stage.Iterations, best);
            }

            // Before the next stage lists its examples, which may take long and be canceled.
            place = place with { Stage = place.Stage + 1, Iteration = 0, Statistics = 0 };
            SaveCheckpoint(run, place);
        }

        team.Run(() =>
        {
            if (team.IsFirst && options.Folder is { } folder && LossLog.Read(Path.Combine(folder, LossLog.FileName)) is { Count: > 0 } entries)
                LossCurve.Draw(entries).SavePng(Path.Combine(folder, LossCurve.FileName));
        });
    }

    private TrainingPlace TrainStage(TrainingRun run, TrainingStage stage, TrainingPlace place, BatchLoader loader, StageRecord record)
    {
        while (place.Iteration < stage.Iterations)
        {
            double loss, accuracy;
            var rate = stage.Schedule.RateAt(place.Iteration, stage.Iterations);
            try
            {
                (loss, accuracy) = Accumulate(stage, place, loader, run.CancellationToken);
            }
            catch (OperationCanceledException)
            {
                SaveCheckpoint(run, place);
                throw;
            }

            if (!double.IsFinite(loss))
                throw new InvalidOperationException(FormattableString.Invariant($"The loss is {loss} at step {place.Iteration + 1} of {stage.Name}: training has diverged. Start again, in another folder, with a learning rate below {rate:G3}."));

            place = place with { Iteration = place.Iteration + 1, Step = place.Step + 1 };
            using (model.Access.Change())
                optimizer.Step(rate, place.Step, gradients.WeightDecayFactor(stage.Accumulation));
            average?.Add(place.Step);
            record.Meter.Add(stage.BatchSize * stage.Accumulation);
            var meanIoU = ValidateStep(stage, place.Iteration, record.Best);
            var (iteration, progress) = (place.Iteration, ProgressAt(place, record.Meter));
            team.Run(() =>
            {
                record.Log?.Add(new LossLogEntry
                {
                    Stage = stage.Name,
                    Iteration = iteration,
                    Loss = loss,
                    PixelAccuracy = accuracy,
                    LearningRate = rate,
                    ImagesPerSecond = record.Meter.PerSecond,
                    MeanIoU = meanIoU,
                });
                run.Progress?.Report(progress with { Loss = loss, PixelAccuracy = accuracy, LearningRate = rate, MeanIoU = meanIoU });
            });
            if (place.Iteration < stage.Iterations && EndsEarly(meanIoU, record.Best))
            {
                LogEarlyEnd(logger, stage.Name, place.Iteration, record.Best.Since, null);
                return place with { Iteration = stage.Iterations };
            }

            if (place.Iteration % options.CheckpointEvery == 0 && place.Iteration < stage.Iterations)
                SaveCheckpoint(run, place);
        }

        return place;
    }

    private void EstimateStatistics(TrainingRun run, ImageSource images, ExampleSampler sampler, TrainingPlace place, SpeedMeter meter)
    {
        using var loader = MakeLoader(images, sampler, place.Stage, options.StatisticsBatchSize, BatchesOfStatistics(place.Statistics), run.CancellationToken, StatisticsSequence);
        try
        {
            BatchNormStatistics.Estimate(model, NextImages, place.Statistics, options.StatisticsBatches, options.CaffeCompatibility, done =>
            {
                var added = done - place.Statistics;
                var isDue = done / options.CheckpointEvery > place.Statistics / options.CheckpointEvery;
                place = place with { Statistics = done };
                meter.Add(added * options.StatisticsBatchSize, isStatistics: true);
                var progress = ProgressAt(place, meter);
                team.Run(() => run.Progress?.Report(progress));
                if (done < options.StatisticsBatches && isDue)
                    SaveCheckpoint(run, place);
            }, team);
        }
        catch (OperationCanceledException)
        {
            SaveCheckpoint(run, place);
            throw;
        }

        Tensor NextImages()
        {
            run.CancellationToken.ThrowIfCancellationRequested();
            return loader.Next().ToTensors(device).Images;
        }
    }

    private TrainingProgress ProgressAt(TrainingPlace place, SpeedMeter meter)
    {
        var stage = options.Stages[place.Stage];
        var isStatistics = place.Statistics > 0;
        var total = options.Stages.Sum(each => each.Iterations) + options.StatisticsBatches;
        return new TrainingProgress((int)place.Step + place.Statistics, total)
        {
            Stage = stage.Name,
            Iteration = isStatistics ? place.Statistics : place.Iteration,
            Iterations = isStatistics ? options.StatisticsBatches : stage.Iterations,
            IsStatistics = isStatistics,
            ImagesPerSecond = meter.PerSecond,
            Remaining = meter.Remaining,
        };
    }
}
