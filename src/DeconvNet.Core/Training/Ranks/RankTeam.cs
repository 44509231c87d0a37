using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DeconvNet.Training.Ranks;

/// <summary>The ranks of a training run, or the only process if there is no communicator; then nothing is exchanged.</summary>
internal sealed class RankTeam(ICommunicator? communicator)
{
    public int Rank { get; } = communicator?.Rank ?? 0;

    public int Size { get; } = communicator?.Size ?? 1;

    public bool IsAlone => Size == 1;

    /// <summary>Whether this rank reads and writes the files of the run.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>This rank's range of a number of items, divided as evenly as possible.</summary>
    public Range ShareOf(int count) => (int)((long)count * Rank / Size)..(int)((long)count * (Rank + 1) / Size);

    public void Sum(Span<float> values) => communicator!.Sum(values);

    public void Broadcast(Span<byte> bytes, int root = 0) => communicator!.Broadcast(bytes, root);

    public string Broadcast(string text, int root) => communicator!.Broadcast(text, root);

    /// <summary>Copies the values of the tensors from rank 0 to all ranks.</summary>
    public void Broadcast(IEnumerable<Tensor> tensors)
    {
        if (IsAlone)
            return;
        using var frozen = no_grad();
        foreach (var value in tensors)
        {
            using var scope = NewDisposeScope();
            var host = value.detach().cpu().contiguous().clone();
            Broadcast(host.bytes);
            value.copy_(host);
        }
    }

    /// <summary>Sends a decision of rank 0 to all.</summary>
    public bool Decide(bool decision)
    {
        if (IsAlone)
            return decision;
        Broadcast(MemoryMarshal.AsBytes(new Span<bool>(ref decision)));
        return decision;
    }

    /// <summary>Runs work on every rank, or on rank 0 only; if it fails on one rank, it fails on all (<see cref="RankAgreement.RunTogether"/>).</summary>
    public void Run(Action work)
    {
        if (IsAlone)
            work();
        else
            communicator!.RunTogether(work);
    }

    /// <summary>Throws on all ranks if one of them failed or was stopped (<see cref="RankAgreement.Settle"/>).</summary>
    public void Settle(ReadOnlySpan<float> outcomes, Exception? failure) => communicator!.Settle(outcomes, failure);

    /// <summary>Rejects ranks that were started with other settings than rank 0.</summary>
    /// <exception cref="InvalidOperationException">A rank has a different text.</exception>
    public void RequireSame(string text)
    {
        if (IsAlone)
            return;
        var first = Broadcast(text, 0);
        Run(() =>
        {
            if (first != text)
                throw new InvalidOperationException($"Rank {Rank} was started with another run than rank 0. This rank: {text}. Rank 0: {first}.");
        });
    }
}
