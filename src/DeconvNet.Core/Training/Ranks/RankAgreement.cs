using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;

namespace DeconvNet.Training.Ranks;

/// <summary>Lets ranks agree on what happened, so that none waits for one that has given up.</summary>
public static class RankAgreement
{
    private const float Stopped = 1, Failed = 2;

    /// <summary>
    /// Runs work on every rank, or on some while the others have nothing to do: if it fails on one rank, it fails on all. For what a program does
    /// before and after training, such as rank 0 writing the weights.
    /// </summary>
    /// <param name="ranks">The ranks. Every rank must call this; it returns when the work is done on all.</param>
    /// <param name="work">The work of this rank, which must not communicate with the others.</param>
    /// <exception cref="OperationCanceledException">A rank was stopped.</exception>
    /// <exception cref="InvalidOperationException">Another rank failed; the message contains its message. A rank that fails itself throws the exception of its work.</exception>
    public static void RunTogether(this ICommunicator ranks, Action work)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        ArgumentNullException.ThrowIfNull(work);
        Exception? failure = null;
        try
        {
            work();
        }
        catch (Exception error)
        {
            failure = error;
        }

        var outcomes = new float[ranks.Size];
        outcomes[ranks.Rank] = Outcome(failure);
        ranks.Sum(outcomes);
        ranks.Settle(outcomes, failure);
    }

    /// <summary>The outcome of a rank's work, stored in its element of a vector that is summed over the ranks.</summary>
    internal static float Outcome(Exception? failure) => failure switch
    {
        null => 0,
        OperationCanceledException => Stopped,
        _ => Failed,
    };

    /// <summary>Throws on all ranks if one of them failed or was stopped.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="outcomes">Outcomes by rank; see <see cref="Outcome"/>.</param>
    /// <param name="failure">The exception on this rank, if any.</param>
    internal static void Settle(this ICommunicator ranks, ReadOnlySpan<float> outcomes, Exception? failure)
    {
        var first = outcomes.IndexOf(Failed);
        if (first >= 0)
        {
            var message = ranks.Broadcast(first == ranks.Rank ? failure!.Message : "", first);
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

    /// <summary>Sends a rank's text to all.</summary>
    internal static string Broadcast(this ICommunicator ranks, string text, int root)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = bytes.Length;
        ranks.Broadcast(MemoryMarshal.AsBytes(new Span<int>(ref length)), root);
        Array.Resize(ref bytes, length);
        ranks.Broadcast(bytes, root);
        return Encoding.UTF8.GetString(bytes);
    }
}
