using System.Globalization;

namespace DeconvNet.Mpi;

/// <summary>What the launcher left in the environment of this process.</summary>
internal static class MpiLauncher
{
    private static readonly string[] OpenMpi = OperatingSystem.IsWindows()
        ? []
        : OperatingSystem.IsMacOS() ? ["libmpi.40.dylib", "libmpi.dylib"] : ["libmpi.so.40", "libmpi.so.80"];

    private static readonly string[] Mpich = OperatingSystem.IsWindows()
        ? ["msmpi.dll", "impi.dll"]
        : OperatingSystem.IsMacOS() ? ["libmpi.12.dylib", "libmpich.12.dylib"] : ["libmpich.so.12", "libmpi.so.12"];

    private static readonly string[] Any = OperatingSystem.IsWindows()
        ? ["mpi_abi.dll"]
        : OperatingSystem.IsMacOS() ? ["libmpi_abi.0.dylib"] : ["libmpi_abi.so.0", "libmpi.so"];

    private static readonly string[] Sizes = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"];

    /// <summary>Possible names of an MPI library; those that belong to the launcher come first.</summary>
    public static IEnumerable<string> Libraries(Func<string, string?> environment) =>
        environment("OMPI_COMM_WORLD_SIZE") is null && environment("PMI_SIZE") is not null ? [.. Mpich, .. OpenMpi, .. Any] : [.. OpenMpi, .. Mpich, .. Any];

    /// <summary>Number of ranks according to the launcher; 1 without a launcher.</summary>
    public static int Size(Func<string, string?> environment) =>
        Sizes.Select(name => int.TryParse(environment(name), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 1)
            .FirstOrDefault(size => size > 1, 1);
}
