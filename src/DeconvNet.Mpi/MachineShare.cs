using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using DeconvNet.Training.Ranks;

namespace DeconvNet.Mpi;

/// <summary>The ranks on this machine, and how many of them share cores.</summary>
/// <param name="Rank">This rank's number among those on this machine.</param>
/// <param name="Size">Number of ranks on this machine.</param>
/// <param name="OnTheSameCores">Number of ranks that may run on exactly the same cores as this one; 1 if the launcher bound every rank to its own cores.</param>
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
