using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using DeconvNet.Datasets;
using Microsoft.Extensions.Logging;

namespace DeconvNet.Training;

public sealed partial class SegmentationTrainer
{
    private static readonly Action<ILogger, string, int, int, Exception?> LogStage = LoggerMessage.Define<string, int, int>(
        LogLevel.Information, new EventId(1, "Stage"), "Stage {Stage}: {Iterations} steps, {Done} of them done.");

    private static readonly Action<ILogger, string, int, Exception?> LogCheckpoint = LoggerMessage.Define<string, int>(
        LogLevel.Debug, new EventId(2, "Checkpoint"), "Checkpoint {Path} at step {Iteration}.");

    private static readonly Action<ILogger, string, Exception?> LogResumed = LoggerMessage.Define<string>(
        LogLevel.Information, new EventId(3, "Resumed"), "Resumed from {Path}.");

    private TrainingPlace Resume(VocDataset data)
    {
        if (options.Folder is null)
            return default;
        Directory.CreateDirectory(options.Folder);
        var path = Path.Combine(options.Folder, TrainingCheckpoint.FileName);
        if (!File.Exists(path))
            return default;

        var place = TrainingCheckpoint.Load(path, state, Fingerprint(data));
        if (place.Stage > options.Stages.Count || (place.Stage < options.Stages.Count && place.Iteration > options.Stages[place.Stage].Iterations))
            throw new InvalidDataException($"{path} stands at stage {place.Stage}, step {place.Iteration}, which this run does not have.");
        LogResumed(logger, path, null);
        return place;
    }

    private void SaveCheckpoint(VocDataset data, TrainingPlace place)
    {
        if (options.Folder is null)
            return;
        var path = Path.Combine(options.Folder, TrainingCheckpoint.FileName);
        TrainingCheckpoint.Save(path, state, place, Fingerprint(data));
        LogCheckpoint(logger, path, place.Iteration, null);
    }

    private LossLogWriter? OpenLog(TrainingPlace place)
    {
        if (options.Folder is null)
            return null;
        var stageIndex = options.Stages.Select((stage, index) => (stage.Name, index)).ToDictionary(entry => entry.Name, entry => entry.index, StringComparer.Ordinal);
        return new LossLogWriter(Path.Combine(options.Folder, LossLog.FileName), entry =>
            stageIndex.TryGetValue(entry.Stage, out var index) && (index < place.Stage || (index == place.Stage && entry.Iteration <= place.Iteration)));
    }

    /// <summary>What must be equal for a checkpoint to be resumed: everything that decides the weights.</summary>
    private string Fingerprint(VocDataset data)
    {
        var ids = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', data.Ids))))[..16];
        return string.Create(CultureInfo.InvariantCulture, $"seed {options.Seed}; {data.Count} images {ids}; {JsonSerializer.Serialize(options.Optimizer, TrainingJson.Default.OptimizerOptions)}; statistics {options.StatisticsBatches}×{options.StatisticsBatchSize}; {JsonSerializer.Serialize(options.Stages, TrainingJson.Default.IReadOnlyListTrainingStage)}{(options.CaffeCompatibility ? "; as Caffe" : "")}");
    }
}

[JsonSerializable(typeof(OptimizerOptions))]
[JsonSerializable(typeof(IReadOnlyList<TrainingStage>))]
internal sealed partial class TrainingJson : JsonSerializerContext;
