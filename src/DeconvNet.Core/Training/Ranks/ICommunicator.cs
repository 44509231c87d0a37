namespace DeconvNet.Training.Ranks;

/// <summary>
/// Connects the processes that train one network together, as MPI does; DeconvNet.Mpi has the implementation for it. Every rank makes the same calls in the
/// same order, and a call returns when all ranks have made it.
/// </summary>
/// <remarks>Calls come from one thread at a time, not always the same one. An implementation ends or throws within a bounded time where another rank is gone.</remarks>
public interface ICommunicator
{
    /// <summary>Number of this process, 0 … <see cref="Size"/> − 1. Rank 0 writes the files.</summary>
    int Rank { get; }

    /// <summary>How many processes there are, at least 1.</summary>
    int Size { get; }

    /// <summary>
    /// Replaces the values by their sums over all ranks. The same bits come out on every rank, and in every run with the same values and number of ranks.
    /// </summary>
    /// <param name="values">As many on every rank.</param>
    void Sum(Span<float> values);

    /// <summary>Replaces the bytes by those of one rank.</summary>
    /// <param name="bytes">As many on every rank.</param>
    /// <param name="root">The rank whose bytes all get.</param>
    void Broadcast(Span<byte> bytes, int root);
}
