using System.Globalization;
using DeconvNet.Architecture;
using DeconvNet.Weights.Formats;
using static TorchSharp.torch;

namespace DeconvNet.Training;

/// <summary>
/// Everything that training needs to go on exactly where it stopped, in one safetensors file: weights, running statistics, the optimizer's buffers,
/// and the place in the stages. Examples are a function of the place, so no generator state is needed.
/// </summary>
internal static class TrainingCheckpoint
{
    public const string FileName = "checkpoint.safetensors";

    private const string PlaceKey = "deconvnet.training.place";
    private const string FingerprintKey = "deconvnet.training.fingerprint";

    /// <param name="path">The file.</param>
    /// <param name="state">All tensors by name.</param>
    /// <param name="place">Where training stands.</param>
    /// <param name="fingerprint">What the run is; another run's checkpoint is refused.</param>
    public static void Save(string path, IEnumerable<(string Name, Tensor Value)> state, TrainingPlace place, string fingerprint) =>
        SafetensorsFile.Write(path, state.Select(entry => new WeightTensor(entry.Name, entry.Value.shape, () => Values(entry.Value))), new Dictionary<string, string>
        {
            [PlaceKey] = string.Create(CultureInfo.InvariantCulture, $"{place.Stage} {place.Iteration} {place.Step}"),
            [FingerprintKey] = fingerprint,
        });

    /// <summary>Fills <paramref name="state"/> from the file and returns the place.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or belongs to another run or network; nothing was changed.</exception>
    public static TrainingPlace Load(string path, IReadOnlyList<(string Name, Tensor Value)> state, string fingerprint)
    {
        using var file = WeightsFile.Open(path);
        if (!file.Metadata.TryGetValue(PlaceKey, out var text) || TrainingPlace.TryParse(text) is not { } place)
            throw new InvalidDataException($"{path} is not a training checkpoint: its header does not say where training stood.");
        if (file.Metadata.GetValueOrDefault(FingerprintKey) is var found && found != fingerprint)
            throw new InvalidDataException($"{path} is a checkpoint of another run. This run: {fingerprint}. That run: {found}. Choose another folder, or the same options.");
        foreach (var (name, value) in state)
        {
            var entry = file.Find(name);
            if (entry is not { Type: WeightType.F32 } || !entry.Shape.SequenceEqual(value.shape))
                throw new InvalidDataException($"{path}: tensor '{name}' is {(entry is null ? "missing" : $"{entry.Type.Code()} {WeightShape.Text(entry.Shape)}")}; expected F32 {WeightShape.Text(value.shape)}.");
        }

        using var frozen = no_grad();
        foreach (var (name, value) in state)
        {
            using var scope = NewDisposeScope();
            var values = new float[value.numel()];
            file.Read(file.Find(name)!, values);
            value.copy_(tensor(values, value.shape));
        }

        return place;
    }

    private static ReadOnlyMemory<float> Values(Tensor value)
    {
        using var scope = NewDisposeScope();
        return value.detach().cpu().contiguous().data<float>().ToArray();
    }
}
