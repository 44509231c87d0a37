using System.Runtime.InteropServices;
using DeconvNet.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeconvNet.Training.Ranks;

/// <summary>
/// Combines the passes of all ranks into one step: gradients, running statistics of batch norm and reported figures are, up to rounding, as if one process had made
/// all passes. A single flat buffer is summed, so that a step costs one latency.
/// </summary>
internal sealed class StepExchange : IDisposable
{
    private readonly RankTeam team;
    private readonly SegmentationModel model;
    private readonly Parameter[] parameters;
    private readonly (string Norm, Tensor Value)[] statistics;
    private readonly Tensor[] before;
    private readonly Tensor flat;
    private readonly Tensor host;
    private readonly int numbers;

    /// <param name="team">More than one rank.</param>
    /// <param name="model">The network; its running statistics are exchanged.</param>
    /// <param name="trainable">All parameters with a gradient, in the same order on every rank.</param>
    public StepExchange(RankTeam team, SegmentationModel model, IEnumerable<Parameter> trainable)
    {
        using var scope = NewDisposeScope();
        this.team = team;
        this.model = model;
        parameters = [.. trainable];
        statistics = [.. RunningStatistics.Of(model)];
        before = [.. statistics.Select(entry => entry.Value.detach().clone().DetachFromDisposeScope())];
        numbers = checked((int)(parameters.Sum(value => value.numel()) + statistics.Sum(entry => entry.Value.numel())));
        flat = zeros([numbers + parameters.Length + 3 + team.Size], float32, parameters[0].device).DetachFromDisposeScope();
        host = flat.device_type == DeviceType.CPU ? flat : zeros_like(flat, device: CPU).DetachFromDisposeScope();
    }

    /// <summary>Saves the running statistics at the start of a step.</summary>
    public void Begin()
    {
        using var frozen = no_grad();
        for (var i = 0; i < statistics.Length; i++)
            before[i].copy_(statistics[i].Value);
    }

    /// <summary>Sets the gradients and running statistics of the whole step on every rank.</summary>
    /// <param name="mine">The results of this rank's passes.</param>
    /// <param name="share">Which passes of the step they were.</param>
    /// <param name="passes">Passes in the step.</param>
    /// <param name="failure">Why this rank could not compute them, if it failed.</param>
    /// <returns>The results of all passes.</returns>
    /// <exception cref="OperationCanceledException">A rank was stopped; the step was not taken.</exception>
    /// <exception cref="InvalidOperationException">A rank failed; the step was not taken.</exception>
    public PassSums Sum(PassSums mine, Range share, int passes, Exception? failure)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        Fill(share, passes);
        if (!ReferenceEquals(host, flat))
            host.copy_(flat);

        var values = MemoryMarshal.Cast<byte, float>(host.bytes);
        var hasGradient = values.Slice(numbers, parameters.Length);
        for (var i = 0; i < parameters.Length; i++)
            hasGradient[i] = parameters[i].grad is null ? 0 : 1;
        var told = values.Slice(numbers + parameters.Length, 3);
        (told[0], told[1], told[2]) = ((float)mine.Loss, mine.Right, mine.Valid);
        var outcomes = values[^team.Size..];
        outcomes.Clear();
        outcomes[team.Rank] = RankAgreement.Outcome(failure);

        team.Sum(values);
        try
        {
            team.Settle(outcomes, failure);
        }
        catch
        {
            for (var i = 0; i < statistics.Length; i++)
                statistics[i].Value.copy_(before[i]);
            throw;
        }

        var sums = new PassSums(told[0], (long)told[1], (long)told[2]);
        if (!ReferenceEquals(host, flat))
            flat.copy_(host);
        Take(hasGradient);
        return sums;
    }

    public void Dispose()
    {
        foreach (var value in before)
            value.Dispose();
        if (!ReferenceEquals(host, flat))
            host.Dispose();
        flat.Dispose();
    }

    private void Fill(Range share, int passes)
    {
        long offset = 0;
        foreach (var parameter in parameters)
        {
            if (parameter.grad is { } gradient)
                Next(parameter, ref offset).copy_(gradient);
            else
                Next(parameter, ref offset).zero_();
        }

        // A pass turns the statistics r into (1 − m) r + m s, where m is 0 for a frozen batch norm. After all passes of the step, r has the weight (1 − m)^passes, and the earlier a rank's
        // pass, the less its statistics count.
        var (first, end) = (share.Start.Value, share.End.Value);
        for (var i = 0; i < statistics.Length; i++)
        {
            var (norm, value) = statistics[i];
            var kept = model.FrozenNorms.Contains(norm) ? 1 : 1 - model.StatisticsMomentum;
            var (own, after) = (Math.Pow(kept, end - first), Math.Pow(kept, passes - end));
            var part = Next(value, ref offset).copy_(value);
            if (!team.IsFirst)
                part.sub_(before[i] * own);
            part.mul_(after);
        }
    }

    private void Take(ReadOnlySpan<float> hasGradient)
    {
        long offset = 0;
        for (var i = 0; i < parameters.Length; i++)
        {
            var sum = Next(parameters[i], ref offset);
            if (hasGradient[i] == 0)
                continue;
            if (parameters[i].grad is { } gradient)
                gradient.copy_(sum);
            else
                parameters[i].grad = sum.clone();
        }

        foreach (var (_, value) in statistics)
            value.copy_(Next(value, ref offset));
    }

    /// <summary>A tensor's view of the buffer, in its shape.</summary>
    private Tensor Next(Tensor like, ref long offset)
    {
        var part = flat.narrow(0, offset, like.numel()).view(like.shape);
        offset += like.numel();
        return part;
    }
}
