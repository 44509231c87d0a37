using DeconvNet.Architecture;
using DeconvNet.Networks;
using static TorchSharp.torch;

namespace DeconvNet.Training.Optimization;

/// <summary>
/// An exponential moving average (EMA) of a network's weights and running statistics over the steps of training (Polyak and Juditsky, 1992; Tarvainen and Valpola, 2017).
/// It varies less from step to step than the weights themselves. Part of checkpoints.
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly SegmentationModel model;
    private readonly double decay;
    private readonly (string Name, Tensor Value, Tensor Average)[] entries;

    /// <param name="model">The network.</param>
    /// <param name="decay">Weight of the earlier steps in the average, above 0 and below 1.</param>
    public WeightAverage(SegmentationModel model, double decay)
    {
        using var scope = NewDisposeScope();
        this.model = model;
        this.decay = decay;
        entries = [.. WeightSlot.Of(model.Layers).Select(slot => (slot.Name, model.TensorOf(slot))).Select(entry => (entry.Name, entry.Item2, entry.Item2.detach().clone().DetachFromDisposeScope()))];
    }

    /// <summary>The averages by tensor name; owned by this object.</summary>
    public IEnumerable<(string Name, Tensor Value)> Buffers => entries.Select(entry => (entry.Name, entry.Average));

    /// <summary>Starts again from the network's present weights.</summary>
    public void Reset() => ForAll(entry => entry.Average.copy_(entry.Value));

    /// <summary>Adds the network's present weights.</summary>
    /// <param name="step">Number of the step since the start, from 1. The first steps have smaller decays, so that the random initial weights are forgotten sooner.</param>
    public void Add(long step)
    {
        var kept = Math.Min(decay, (1.0 + step) / (10.0 + step));
        ForAll(entry => entry.Average.lerp_(entry.Value, 1 - kept));
    }

    /// <summary>Gives the network the averages. They stay as they are.</summary>
    public void Apply()
    {
        using var changing = model.Access.Change();
        ForAll(entry => entry.Value.copy_(entry.Average));
    }

    /// <summary>Exchanges the network's weights and the averages until the result is disposed.</summary>
    public IDisposable Swap()
    {
        Exchange();
        return new Swapped(this);
    }

    public void Dispose()
    {
        foreach (var (_, _, average) in entries)
            average.Dispose();
    }

    private void Exchange()
    {
        using var changing = model.Access.Change();
        ForAll(entry =>
        {
            var kept = entry.Value.clone();
            entry.Value.copy_(entry.Average);
            entry.Average.copy_(kept);
        });
    }

    private void ForAll(Action<(string Name, Tensor Value, Tensor Average)> change)
    {
        using var frozen = no_grad();
        foreach (var entry in entries)
        {
            using var scope = NewDisposeScope();
            change(entry);
        }
    }

    private sealed class Swapped(WeightAverage average) : IDisposable
    {
        public void Dispose() => average.Exchange();
    }
}
