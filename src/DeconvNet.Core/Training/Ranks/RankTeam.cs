using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DeconvNet.Training.Ranks;

/// <summary>The ranks of a training, or the one process where there is no communicator; then nothing is exchanged.</summary>
internal sealed class RankTeam(ICommunicator? communicator)
{
    public int Rank { get; } = communicator?.Rank ?? 0;

    public int Size { get; } = communicator?.Size ?? 1;

    public bool IsAlone => Size == 1;

    /// <summary>Whether this rank reads and writes the files of the run.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>This rank's part of so many things in a row, as even as can be.</summary>
    public Range ShareOf(int count) => (int)((long)count * Rank / Size)..(int)((long)count * (Rank + 1) / Size);

    public void Sum(Span<float> values) => communicator!.Sum(values);

    public void Broadcast(Span<byte> bytes, int root = 0) => communicator!.Broadcast(bytes, root);

    public string Broadcast(string text, int root) => communicator!.Broadcast(text, root);

    /// <summary>Gives every rank the values that the tensors have on rank 0.</summary>
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

    /// <summary>What rank 0 has decided.</summary>
    public bool Decide(bool decision)
    {
        if (IsAlone)
            return decision;
        Broadcast(MemoryMarshal.AsBytes(new Span<bool>(ref decision)));
        return decision;
    }

    /// <summary>Does work that every rank does, or rank 0 alone; where it fails on one rank, it fails on all (<see cref="RankAgreement.RunTogether"/>).</summary>
    public void Run(Action work)
    {
        if (IsAlone)
            work();
        else
            communicator!.RunTogether(work);
    }

    /// <summary>Throws on all ranks where one of them failed, or else was stopped (<see cref="RankAgreement.Settle"/>).</summary>
    public void Settle(ReadOnlySpan<float> outcomes, Exception? failure) => communicator!.Settle(outcomes, failure);

    /// <summary>Refuses ranks that were started with something else than rank 0.</summary>
    /// <exception cref="InvalidOperationException">A rank has another text.</exception>
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
