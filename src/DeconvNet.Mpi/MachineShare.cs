using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using DeconvNet.Training.Ranks;

namespace DeconvNet.Mpi;

/// <summary>Which ranks are on the same machine, and which of these may use the same cores.</summary>
/// <param name="Rank">Number among those on this machine.</param>
/// <param name="Size">How many are on this machine.</param>
/// <param name="OnTheSameCores">How many of them may run on just the cores of this one; 1 where the launcher bound every rank to cores of its own.</param>
internal sealed record MachineShare(int Rank, int Size, int OnTheSameCores)
{
    public static MachineShare Find(ICommunicator communicator)
    {
        var (machine, cores) = (Hash(Environment.MachineName), Hash(Environment.MachineName + AllowedCores()));
        var (rank, size, sharing) = (0, 0, 0);
        Span<ulong> told = stackalloc ulong[2];
        for (var other = 0; other < communicator.Size; other++)
        {
            (told[0], told[1]) = (machine, cores);
            communicator.Broadcast(MemoryMarshal.AsBytes(told), other);
            size += told[0] == machine ? 1 : 0;
            rank += told[0] == machine && other < communicator.Rank ? 1 : 0;
            sharing += told[1] == cores ? 1 : 0;
        }

        return new MachineShare(rank, size, sharing);
    }

    private static ulong Hash(string text) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(text));

    private static string AllowedCores() => OperatingSystem.IsLinux()
        ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal), "")
        : "";
}
