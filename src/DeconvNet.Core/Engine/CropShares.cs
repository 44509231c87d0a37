using DeconvNet.Runtime;

namespace DeconvNet.Engine;

/// <summary>
/// Crops in shares, which each thread computes alone, one after another: a thread that other processes slow down computes fewer. OpenMP, in contrast, divides every layer
/// equally among all threads in advance.
/// </summary>
internal static class CropShares
{
    // Four crops of 64×64, two of 128×128. With more, threads wait longer for each other at the end; with fewer, the kernels are reordered more often.
    private const int PixelsPerShare = 1 << 14;
    private const int SmallestShare = 2;

    /// <summary>The number of shares. It does not depend on the number of threads, since logits are rounded differently in shares of another size.</summary>
    /// <param name="count">Number of crops.</param>
    /// <param name="side">Their side in pixels.</param>
    public static int CountOf(int count, int side)
    {
        var shares = ((count - 1) / (int)Math.Max(SmallestShare, PixelsPerShare / ((long)side * side))) + 1;

        // An odd one would let one of two threads wait for the other at the end.
        return shares == 1 ? 1 : shares + (shares % 2);
    }

    /// <summary>Computes shares of nearly equal sizes.</summary>
    /// <param name="shares">The number of shares.</param>
    /// <param name="count">Number of crops.</param>
    /// <param name="threads">Largest number of threads.</param>
    /// <param name="compute">Computes the crops from the first number up to the second, exclusive.</param>
    /// <param name="cancellationToken">Ends the work when the running shares are finished.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static void Run(int shares, int count, int threads, Action<int, int> compute, CancellationToken cancellationToken) => ParallelQueue.Run(
        shares,
        threads,
        i =>
        {
            using var alone = OpenMpThreads.One();
            compute((int)((long)i * count / shares), (int)((i + 1L) * count / shares));
        },
        cancellationToken);
}
