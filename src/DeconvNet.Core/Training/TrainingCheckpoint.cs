using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using DeconvNet.Architecture;
using DeconvNet.Weights.Formats;
using static TorchSharp.torch;

namespace DeconvNet.Training;

/// <summary>
/// Everything needed to resume training exactly, in one safetensors file: weights, running statistics, optimizer buffers,
/// and the position in the stages. Examples are a function of the position, so no generator state is needed. A hash detects damaged files.
/// </summary>
internal static class TrainingCheckpoint
{
    public const string FileName = "checkpoint.safetensors";

    private const string PlaceKey = "deconvnet.training.place";
    private const string FingerprintKey = "deconvnet.training.fingerprint";
    private const string HashKey = "deconvnet.training.sha256";

    /// <param name="path">The file.</param>
    /// <param name="state">All tensors by name, 32-bit.</param>
    /// <param name="place">Position of the training.</param>
    /// <param name="fingerprint">Identifies the run; checkpoints of other runs are rejected.</param>
    public static void Save(string path, IReadOnlyList<(string Name, Tensor Value)> state, TrainingPlace place, string fingerprint) =>
        SafetensorsFile.Write(path, state.Select(entry => new WeightTensor(entry.Name, entry.Value.shape, () => Values(entry.Value))), new Dictionary<string, string>
        {
            [PlaceKey] = place.ToString(),
            [FingerprintKey] = fingerprint,
            [HashKey] = Hash(place.ToString(), fingerprint, state.Select(entry => (entry.Name, Values(entry.Value)))),
        });

    /// <summary>Fills <paramref name="state"/> from the file and returns the position.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or belongs to another run or network; nothing is changed then.</exception>
    public static TrainingPlace Load(string path, IReadOnlyList<(string Name, Tensor Value)> state, TrainingOptions options, bool mayEndEarly, string fingerprint)
    {
        using var file = WeightsFile.Open(path);
        if (!file.Metadata.TryGetValue(PlaceKey, out var text) || TrainingPlace.TryParse(text) is not { } place)
            throw new InvalidDataException($"{path} is not a training checkpoint: its header does not say where training stood.");
        foreach (var (name, value) in state)
        {
            var entry = file.Find(name);
            if (entry is not { Type: WeightType.F32 } || !entry.Shape.SequenceEqual(value.shape))
                throw new InvalidDataException($"{path}: tensor '{name}' is {(entry is null ? "missing" : $"{entry.Type.Code()} {WeightShape.Text(entry.Shape)}")}; expected F32 {WeightShape.Text(value.shape)}.");
        }

        if (!place.IsIn(options, mayEndEarly))
            throw new InvalidDataException($"{path} says that training stood at '{place}' (stage, steps in it, steps in all, batches of statistics), where this run never is.");

        if (file.Metadata.GetValueOrDefault(FingerprintKey) is var found && found != fingerprint)
            throw new InvalidDataException($"{path} is a checkpoint of another run. This run: {fingerprint}. That run: {found}. Choose another folder, or the same options.");

        // Everything is read twice, so that no damaged tensor reaches the network and few are in memory at once.
        var hash = Hash(text, fingerprint, state.Select(entry => (entry.Name, Read(file, entry))));
        if (file.Metadata.GetValueOrDefault(HashKey) != hash)
            throw new InvalidDataException($"{path} is damaged: its content does not have the hash that was stored with it. Restore it from a copy, or delete it and start again.");

        using var frozen = no_grad();
        foreach (var entry in state)
        {
            using var scope = NewDisposeScope();
            entry.Value.copy_(tensor(Read(file, entry).ToArray(), entry.Value.shape));
        }

        return place;
    }

    private static ReadOnlyMemory<float> Read(WeightsFile file, (string Name, Tensor Value) entry)
    {
        var values = new float[entry.Value.numel()];
        file.Read(file.Find(entry.Name)!, values);
        return values;
    }

    private static string Hash(string place, string fingerprint, IEnumerable<(string Name, ReadOnlyMemory<float> Values)> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{place}\n{fingerprint}\n"));
        foreach (var (name, values) in tensors)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(MemoryMarshal.AsBytes(values.Span));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static ReadOnlyMemory<float> Values(Tensor value)
    {
        using var scope = NewDisposeScope();
        return value.detach().cpu().contiguous().data<float>().ToArray();
    }
}
