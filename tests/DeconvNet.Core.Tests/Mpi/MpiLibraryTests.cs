using DeconvNet.Mpi;

namespace DeconvNet.Tests.Mpi;

/// <summary>What needs no MPI; tests/cluster.sh trains over an installed one.</summary>
public class MpiLibraryTests
{
    [Fact]
    public void A_library_that_is_not_there_is_named_with_the_ways_to_name_another()
    {
        var message = Assert.Throws<InvalidOperationException>(() => MpiCommunicator.Start(new MpiOptions { Library = "libmpi-of-nobody.so" })).Message;

        Assert.StartsWith("The MPI library libmpi-of-nobody.so does not load", message, StringComparison.Ordinal);
        Assert.Contains("MpiOptions.Library", message, StringComparison.Ordinal);
        Assert.Contains("DECONVNET_MPI", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_of_something_else_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The name of the C library is that of Linux.");

        Assert.Contains("libc.so.6 is no MPI library: it has no function MPI_Init_thread", Assert.Throws<InvalidOperationException>(() => MpiLibrary.Load("libc.so.6")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_library_of_the_launcher_comes_first()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The names are those of Linux.");

        Assert.Equal("libmpi.so.40", MpiLauncher.Libraries(_ => null).First());
        Assert.Equal("libmpi.so.40", MpiLauncher.Libraries(name => name is "OMPI_COMM_WORLD_SIZE" or "PMI_SIZE" ? "2" : null).First());
        Assert.Equal("libmpich.so.12", MpiLauncher.Libraries(name => name == "PMI_SIZE" ? "2" : null).First());
    }

    [Theory]
    [InlineData("OMPI_COMM_WORLD_SIZE", "4", 4)]
    [InlineData("PMI_SIZE", "2", 2)]
    [InlineData("SLURM_STEP_NUM_TASKS", "8", 8)]
    [InlineData("SLURM_STEP_NUM_TASKS", "many", 1)]
    [InlineData("SLURM_NTASKS", "8", 1)]
    public void The_number_of_ranks_that_the_launcher_started_is_known(string variable, string value, int size) =>
        Assert.Equal(size, MpiLauncher.Size(name => name == variable ? value : null));

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        Assert.Contains("MpiOptions.Timeout is 00:00:00", Assert.Throws<ArgumentOutOfRangeException>(() => MpiCommunicator.Start(new MpiOptions { Timeout = TimeSpan.Zero })).Message, StringComparison.Ordinal);
        Assert.Contains("MpiOptions.Library is ", Assert.Throws<ArgumentOutOfRangeException>(() => MpiCommunicator.Start(new MpiOptions { Library = "" })).Message, StringComparison.Ordinal);
        Assert.Equal(new MpiOptions(), new MpiOptions());
    }

    [Fact]
    public async Task Ranks_of_one_process_are_on_one_machine_and_share_its_cores()
    {
        var shares = await Task.WhenAll(new Training.ThreadRanks(3).All.Select(rank => Task.Run(() => MachineShare.Find(rank))));

        Assert.Equal([new(0, 3, 3), new(1, 3, 3), new(2, 3, 3)], shares);
    }
}
