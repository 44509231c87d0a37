using System.Runtime.InteropServices;
using DeconvNet.Training.Ranks;
using TorchSharp;

namespace DeconvNet.Mpi;

/// <summary>
/// The processes started by <c>mpirun</c> or <c>srun</c>, as the ranks of a training run. If a rank exits without <see cref="Dispose"/>, through an error or
/// <see cref="Environment.Exit"/>, all ranks are aborted. Use <see cref="RankAgreement.RunTogether"/> for work that only some ranks do, such as writing the weights.
/// </summary>
/// <remarks>MPI can be started only once in a process. Not thread-safe.</remarks>
/// <example><code>
/// using var ranks = MpiCommunicator.Start();
/// ranks.ShareCores();
/// using var trainer = new SegmentationTrainer(model, options, communicator: ranks);
/// await trainer.TrainAsync(dataset);
/// ranks.RunTogether(() =>
/// {
///     if (ranks.Rank == 0)
///         model.Save("model.safetensors");
/// });
/// </code></example>
public sealed class MpiCommunicator : ICommunicator, IDisposable
{
    /// <summary>How long this rank waits for the others to leave.</summary>
    private static readonly TimeSpan EndTimeout = TimeSpan.FromMinutes(1);

    private static int started;

    private readonly MpiLibrary library;
    private readonly MpiOptions options;
    private readonly CollectiveWatch watch;
    private readonly MachineShare machine;
    private int disposed;
    private volatile bool left;

    private MpiCommunicator(MpiLibrary library, MpiOptions options)
    {
        (this.library, this.options) = (library, options);
        watch = new CollectiveWatch(library);
        using (watch.Begin("MPI_Init_thread", options.Timeout))
            library.Initialize();
        AppDomain.CurrentDomain.ProcessExit += EndAll;
        (Rank, Size) = (library.Rank(), library.Size());
        watch.Rank = Rank;
        RequireRanks();
        machine = MachineShare.Find(this);
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>This rank's number among those on its machine, from 0.</summary>
    public int LocalRank => machine.Rank;

    /// <summary>Number of ranks on this machine, at least 1.</summary>
    public int LocalSize => machine.Size;

    /// <summary>Name or path of the MPI library in use.</summary>
    public string Library => library.Name;

    /// <summary>Time this rank has spent on exchanges so far, including waiting for the others.</summary>
    public TimeSpan CommunicationTime => watch.Elapsed;

    /// <summary>Joins the ranks started by the launcher; without a launcher this process is the only rank.</summary>
    /// <param name="options">The MPI library and the timeout; the defaults if <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">There is no MPI library, it does not belong to the launcher, or MPI was already started in this process.</exception>
    public static MpiCommunicator Start(MpiOptions? options = null)
    {
        options ??= new MpiOptions();
        options.Validate();
        var library = MpiLibrary.Load(options.Library);
        if (Interlocked.Exchange(ref started, 1) != 0)
            throw new InvalidOperationException("MPI was started before in this process, and can be started once only. Keep the communicator until the last training has ended.");
        return new MpiCommunicator(library, options);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The communicator was disposed.</exception>
    public void Sum(Span<float> values)
    {
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        using var call = watch.Begin("MPI_Allreduce", options.Timeout);
        library.Sum(values);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="root"/> is not a rank.</exception>
    /// <exception cref="ObjectDisposedException">The communicator was disposed.</exception>
    public void Broadcast(Span<byte> bytes, int root)
    {
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        ArgumentOutOfRangeException.ThrowIfNegative(root);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(root, Size);
        using var call = watch.Begin("MPI_Bcast", options.Timeout);

        // Bytes are sent as floats, whose handle is known for every library; no arithmetic is done on them.
        library.Broadcast(MemoryMarshal.Cast<byte, float>(bytes), root);
        var rest = bytes[(bytes.Length / sizeof(float) * sizeof(float))..];
        if (rest.IsEmpty)
            return;
        Span<float> last = [0];
        rest.CopyTo(MemoryMarshal.AsBytes(last));
        library.Broadcast(last, root);
        MemoryMarshal.AsBytes(last)[..rest.Length].CopyTo(rest);
    }

    /// <summary>
    /// Limits libtorch to this rank's part of the cores, so that the ranks of a machine do not compete for them. Does nothing if <c>OMP_NUM_THREADS</c> is set.
    /// </summary>
    /// <returns>The number of threads libtorch uses.</returns>
    public int ShareCores()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OMP_NUM_THREADS")))
            torch.set_num_threads(Math.Max(1, Environment.ProcessorCount / machine.OnTheSameCores));
        return torch.get_num_threads();
    }

    /// <summary>This rank's GPU: the GPUs of a machine are assigned to its ranks in turn, and shared if there are more ranks than GPUs.</summary>
    /// <exception cref="InvalidOperationException">There is no GPU.</exception>
    public torch.Device ShareGpus() => torch.cuda.is_available()
        ? new torch.Device(DeviceType.CUDA, LocalRank % torch.cuda.device_count())
        : throw new InvalidOperationException($"Rank {Rank} on {Environment.MachineName} has no GPU that libtorch can use.");

    /// <summary>
    /// Leaves the other ranks in an orderly way, which waits until they leave too. If they have not after a minute, because only this rank failed, it reports this and returns; they are
    /// aborted when this process exits.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        var leaving = new Thread(Leave) { IsBackground = true, Name = "MPI_Finalize" };
        leaving.Start();
        if (!leaving.Join(EndTimeout))
            Console.Error.WriteLine($"Rank {Rank} has nothing left to do, and the other ranks do not end: it failed alone. They end with it.");
    }

    private void Leave()
    {
        try
        {
            library.Finish();
        }
        catch (InvalidOperationException error)
        {
            Console.Error.WriteLine(error.Message);
            return;
        }

        left = true;
        AppDomain.CurrentDomain.ProcessExit -= EndAll;
    }

    private void EndAll(object? sender, EventArgs e)
    {
        if (!left)
            RunEnd.Now(library, Environment.ExitCode is 0 ? 1 : Environment.ExitCode, message: null);
    }

    /// <summary>An MPI library that does not belong to the launcher does not know the other ranks: every process would train by itself, in the same folder.</summary>
    private void RequireRanks()
    {
        var expected = MpiLauncher.Size(Environment.GetEnvironmentVariable);
        if (Size > 1 || expected == 1)
            return;
        Dispose();
        throw new InvalidOperationException(
            $"The launcher started {expected} ranks, but the MPI library {Library} sees one: they belong to different MPIs. Start with the mpirun of that library (under Slurm with "
            + $"srun --mpi=pmix or pmi2), or name the launcher's library as MpiOptions.Library or in {MpiLibrary.Variable}.");
    }
}
