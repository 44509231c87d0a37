using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DeconvNet.Datasets;
using DeconvNet.Training.Logging;
using DeconvNet.Training.Stages;
using DeconvNet.Weights;
using Microsoft.Extensions.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Training;

public sealed partial class SegmentationTrainer
{
    private static readonly Action<ILogger, string, int, int, Exception?> LogStage = LoggerMessage.Define<string, int, int>(
        LogLevel.Information, new EventId(1, "Stage"), "Stage {Stage}: {Iterations} steps, {Done} of them done.");

    private static readonly Action<ILogger, string, int, Exception?> LogCheckpoint = LoggerMessage.Define<string, int>(
        LogLevel.Debug, new EventId(2, "Checkpoint"), "Checkpoint {Path} at step {Iteration}.");

    private static readonly Action<ILogger, string, Exception?> LogResumed = LoggerMessage.Define<string>(
        LogLevel.Information, new EventId(3, "Resumed"), "Resumed from {Path}.");

    private static readonly Action<ILogger, string, int, int, Exception?> LogEarlyEnd = LoggerMessage.Define<string, int, int>(
        LogLevel.Information, new EventId(4, "EarlyEnd"), "Stage {Stage} ends after step {Iteration}: the last {Looks} validations found nothing better.");

    private TrainingPlace Resume(TrainingRun run)
    {
        TrainingPlace place = default;
        team.Run(() => place = team.IsFirst ? ReadCheckpoint(run) : default);
        return TellState(place);
    }

    private TrainingPlace ReadCheckpoint(TrainingRun run)
    {
        if (options.Folder is null)
            return default;
        var path = Path.Combine(options.Folder, TrainingCheckpoint.FileName);
        if (!File.Exists(path))
            return default;

        var place = TrainingCheckpoint.Load(path, state, options, validation?.Patience is not null, run.Fingerprint);
        LogResumed(logger, path, null);
        return place;
    }

    private void SaveCheckpoint(TrainingRun run, TrainingPlace place)
    {
        team.Run(() =>
        {
            RequireFinite(place);
            if (options.Folder is null || !team.IsFirst)
                return;
            var path = Path.Combine(options.Folder, TrainingCheckpoint.FileName);
            TrainingCheckpoint.Save(path, state, place, run.Fingerprint);
            LogCheckpoint(logger, path, place.Iteration, null);
        });

        // Different processors round differently, so all ranks continue with what has been written.
        TellState(place);
    }

    /// <summary>The gradient may be infinite even if the loss is finite; such weights must not replace those of the last checkpoint.</summary>
    private void RequireFinite(TrainingPlace place)
    {
        using var scope = NewDisposeScope();
        foreach (var (name, value) in state)
        {
            if (!value.isfinite().all().ToBoolean())
                throw new InvalidOperationException($"The tensor '{name}' has values that are not finite after step {place.Step}: training has diverged. The checkpoint before is kept; start again, in another folder, with a lower learning rate.");
        }
    }

    private LossLogWriter? OpenLog(TrainingPlace place)
    {
        if (options.Folder is null || !team.IsFirst)
            return null;
        var stageIndex = options.Stages.Select((stage, index) => (stage.Name, index)).ToDictionary(entry => entry.Name, entry => entry.index, StringComparer.Ordinal);
        return new LossLogWriter(Path.Combine(options.Folder, LossLog.FileName), entry =>
            stageIndex.TryGetValue(entry.Stage, out var index) && (index < place.Stage || (index == place.Stage && entry.Iteration <= place.Iteration)));
    }

    /// <summary>Everything that determines the weights, which must be equal for a checkpoint to be resumed.</summary>
    private string Fingerprint(ISegmentationDataset data)
    {
        var text = new StringBuilder();
        Append($"seed {options.Seed}; {data.Count} images {FilesHash(data)}; {model.GetType().Name} {WeightsMetadata.OptionsText(model.NetworkOptions)}");
        Append($"; {options.Optimizer}; statistics {options.StatisticsBatches}×{options.StatisticsBatchSize}; {string.Join(", ", options.Stages)}");
        if (options.Stages.Any(stage => stage.Source == ExampleSource.ProposalCrops))
            Append($"; proposals {ProposalsText}");
        if (teacher?.SoftTargets is { } softTargets)
            Append($"; soft targets {softTargets.Hash(data.Ids)}");
        if (imitation is not null)
            Append($"; imitates {string.Join(", ", teacher!.Layers)} of {imitation.TeachersHash()}");
        if (!options.Loss.IsPlain)
            Append($"; {options.Loss}");
        if (options.CaffeCompatibility)
            Append($"; as Caffe");
        if (average is not null)
            Append($"; average of the weights with decay {options.WeightAverageDecay}");
        return text.ToString();

        void Append(FormattableString part) => text.Append(part.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Type and options of the proposal generator, from its <see cref="object.ToString"/>.</summary>
    private string ProposalsText => proposals.ToString() is { } text && text != proposals.GetType().ToString() ? text : proposals.GetType().Name;

    /// <summary>A hash of the ids and file fingerprints of all images, to notice replaced files without reading them.</summary>
    private static string FilesHash(ISegmentationDataset data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < data.Count; i++)
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{data.Ids[i]} {data.Fingerprint(i)}\n")));
        return Convert.ToHexString(hash.GetHashAndReset())[..16];
    }

    /// <summary>Name of the proposal cache, which depends on generator, options, number of proposals and photos.</summary>
    private string ProposalsFile(ISegmentationDataset data, int perImage)
    {
        var key = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{ProposalsText}\n{FilesHash(data)}")));
        return string.Create(CultureInfo.InvariantCulture, $"proposals-{perImage}-{Convert.ToHexString(key)[..8].ToLowerInvariant()}.txt");
    }
}
