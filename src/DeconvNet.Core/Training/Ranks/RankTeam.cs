using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace DeconvNet.Training.Ranks;

/// <summary>
/// The ranks of a training, or the one process where there is no communicator; then nothing is exchanged. Ranks agree on every outcome, so that none
/// waits for one that has given up.
/// </summary>
internal sealed class RankTeam(ICommunicator? communicator)
{
    private const float Stopped = 1, Failed = 2;

    public int Rank { get; } = communicator?.Rank ?? 0;

    public int Size { get; } = communicator?.Size ?? 1;

    public bool IsAlone => Size == 1;

    /// <summary>Whether this rank reads and writes the files of the run.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>This rank's part of so many things in a row, as even as can be.</summary>
    public Range ShareOf(int count) => (int)((long)count * Rank / Size)..(int)((long)count * (Rank + 1) / Size);

    public void Sum(Span<float> values) => communicator!.Sum(values);

    public void Broadcast(Span<byte> bytes, int root = 0) => communicator!.Broadcast(bytes, root);

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

    /// <summary>The text of a rank.</summary>
    public string Broadcast(string text, int root)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = bytes.Length;
        Broadcast(MemoryMarshal.AsBytes(new Span<int>(ref length)), root);
        Array.Resize(ref bytes, length);
        Broadcast(bytes, root);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Does work that every rank does, or rank 0 alone; where it fails on one rank, it fails on all.</summary>
    /// <exception cref="OperationCanceledException">A rank was stopped.</exception>
    /// <exception cref="InvalidOperationException">Another rank failed; its message is told.</exception>
    public void Run(Action work)
    {
        if (IsAlone)
        {
            work();
            return;
        }

        Exception? failure = null;
        try
        {
            work();
        }
        catch (Exception error)
        {
            failure = error;
        }

        Span<float> outcomes = stackalloc float[Size];
        outcomes[Rank] = Outcome(failure);
        Sum(outcomes);
        Settle(outcomes, failure);
    }

    /// <summary>What a rank says of its work in its place of a vector that is then summed over the ranks.</summary>
    public static float Outcome(Exception? failure) => failure switch
    {
        null => 0,
        OperationCanceledException => Stopped,
        _ => Failed,
    };

    /// <summary>Throws on all ranks where one of them failed, or else was stopped.</summary>
    /// <param name="outcomes">By rank, see <see cref="Outcome"/>.</param>
    /// <param name="failure">What happened on this rank.</param>
    public void Settle(ReadOnlySpan<float> outcomes, Exception? failure)
    {
        var first = outcomes.IndexOf(Failed);
        if (first >= 0)
        {
            var message = Broadcast(first == Rank ? failure!.Message : "", first);
            if (Outcome(failure) == Failed)
                ExceptionDispatchInfo.Throw(failure!);
            throw new InvalidOperationException($"Rank {first} failed: {message}");
        }

        if (!outcomes.Contains(Stopped))
            return;
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
        throw new OperationCanceledException($"Rank {outcomes.IndexOf(Stopped)} was stopped.");
    }

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
