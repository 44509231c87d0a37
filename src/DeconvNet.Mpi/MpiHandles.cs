using System.Runtime.InteropServices;

namespace DeconvNet.Mpi;

/// <summary>
/// The constants of mpi.h in one family of libraries: addresses of exported variables in OpenMPI, numbers in MPICH and its relatives (Intel MPI, MS-MPI), other numbers in the
/// standard ABI of MPI 5.
/// </summary>
/// <param name="World">MPI_COMM_WORLD.</param>
/// <param name="Float">MPI_FLOAT.</param>
/// <param name="Sum">MPI_SUM.</param>
/// <param name="InPlace">MPI_IN_PLACE.</param>
/// <param name="Serialized">MPI_THREAD_SERIALIZED.</param>
internal sealed record MpiHandles(nint World, nint Float, nint Sum, nint InPlace, int Serialized)
{
    private static readonly MpiHandles Mpich = new(0x44000000, 0x4c00040a, 0x58000003, -1, 2);
    private static readonly MpiHandles Standard = new(0x101, 0x210, 0x21, 1, 2048);

    /// <summary>Detects the family of a loaded library.</summary>
    /// <param name="library">Its handle.</param>
    /// <param name="name">The name under which it was loaded: implementations of the standard ABI are always called libmpi_abi.</param>
    public static MpiHandles Of(nint library, string name)
    {
        if (NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out var world))
            return new(world, NativeLibrary.GetExport(library, "ompi_mpi_float"), NativeLibrary.GetExport(library, "ompi_mpi_op_sum"), 1, 2);
        return Path.GetFileName(name).Contains("mpi_abi", StringComparison.OrdinalIgnoreCase) ? Standard : Mpich;
    }
}
