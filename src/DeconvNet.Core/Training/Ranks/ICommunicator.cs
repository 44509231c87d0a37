namespace DeconvNet.Training.Ranks;

/// <summary>
/// Connects the processes that train one network together, like MPI, for which DeconvNet.Mpi has the implementation. Every rank makes the same calls in the
/// same order, and a call returns when all ranks have made it.
/// </summary>
/// <remarks>Calls come from one thread at a time, not always the same one. If another rank is gone, an implementation exits or throws within bounded time.</remarks>
public interface ICommunicator
{
    /// <summary>This process's number, 0 … <see cref="Size"/> − 1. Rank 0 writes the files.</summary>
    int Rank { get; }

    /// <summary>Number of processes, at least 1.</summary>
    int Size { get; }

    /// <summary>
    /// Replaces the values by their sums over all ranks. The sums are bit-identical on every rank, and in every run with the same values and number of ranks.
    /// </summary>
    /// <param name="values">The same number on every rank.</param>
    void Sum(Span<float> values);

    /// <summary>Replaces the bytes by those of the root.</summary>
    /// <param name="bytes">The same number on every rank.</param>
    /// <param name="root">The rank whose bytes are sent to all.</param>
    void Broadcast(Span<byte> bytes, int root);
}
