using System.Runtime.InteropServices;

namespace DeconvNet.Mpi;

/// <summary>The few functions of an installed MPI library that training needs.</summary>
internal sealed unsafe class MpiLibrary
{
    /// <summary>The environment variable with the library's name.</summary>
    public const string Variable = "DECONVNET_MPI";

    private readonly MpiHandles handles;
    private readonly delegate* unmanaged<nint, nint, int, int*, int> initialize;
    private readonly delegate* unmanaged<nint, int*, int> rank;
    private readonly delegate* unmanaged<nint, int*, int> size;
    private readonly delegate* unmanaged<nint, void*, int, nint, nint, nint, int> allReduce;
    private readonly delegate* unmanaged<void*, int, nint, int, nint, int> broadcast;
    private readonly delegate* unmanaged<nint, int, int> abort;
    private readonly delegate* unmanaged<int> finalize;

    private MpiLibrary(nint library, string name)
    {
        Name = name;
        handles = MpiHandles.Of(library, name);
        initialize = (delegate* unmanaged<nint, nint, int, int*, int>)Function("MPI_Init_thread");
        rank = (delegate* unmanaged<nint, int*, int>)Function("MPI_Comm_rank");
        size = (delegate* unmanaged<nint, int*, int>)Function("MPI_Comm_size");
        allReduce = (delegate* unmanaged<nint, void*, int, nint, nint, nint, int>)Function("MPI_Allreduce");
        broadcast = (delegate* unmanaged<void*, int, nint, int, nint, int>)Function("MPI_Bcast");
        abort = (delegate* unmanaged<nint, int, int>)Function("MPI_Abort");
        finalize = (delegate* unmanaged<int>)Function("MPI_Finalize");

        nint Function(string function) => NativeLibrary.TryGetExport(library, function, out var address)
            ? address
            : throw new InvalidOperationException($"The library {name} is no MPI library: it has no function {function}. {HowToName}");
    }

    /// <summary>The name or path under which the library was loaded.</summary>
    public string Name { get; }

    private static string HowToName => $"Name the library of your MPI as MpiOptions.Library or in the environment variable {Variable}, by its file name or its path.";

    /// <summary>Loads the given library, or the first one installed.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it is not an MPI library.</exception>
    public static MpiLibrary Load(string? named)
    {
        named ??= Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } variable ? variable : null;
        if (named is not null)
        {
            return NativeLibrary.TryLoad(named, out var chosen)
                ? new MpiLibrary(chosen, named)
                : throw new InvalidOperationException($"The MPI library {named} does not load: it is not there, or is made for another kind of processor. {HowToName}");
        }

        string[] candidates = [.. MpiLauncher.Libraries(Environment.GetEnvironmentVariable)];
        foreach (var name in candidates)
        {
            if (NativeLibrary.TryLoad(name, out var library))
                return new MpiLibrary(library, name);
        }

        throw new InvalidOperationException($"No MPI library is installed (looked for {string.Join(", ", candidates)}): install OpenMPI, MPICH, Intel MPI or MS-MPI. {HowToName}");
    }

    public void Initialize()
    {
        int provided;
        Check(initialize(0, 0, handles.Serialized, &provided), "MPI_Init_thread");
        if (provided < handles.Serialized)
            throw new InvalidOperationException($"The MPI library {Name} may be called by one thread only; training needs MPI_THREAD_SERIALIZED.");
    }

    public int Rank()
    {
        int value;
        Check(rank(handles.World, &value), "MPI_Comm_rank");
        return value;
    }

    public int Size()
    {
        int value;
        Check(size(handles.World, &value), "MPI_Comm_size");
        return value;
    }

    public void Sum(Span<float> values)
    {
        fixed (float* start = values)
            Check(allReduce(handles.InPlace, start, values.Length, handles.Float, handles.Sum, handles.World), "MPI_Allreduce");
    }

    public void Broadcast(Span<float> values, int root)
    {
        fixed (float* start = values)
            Check(broadcast(start, values.Length, handles.Float, root, handles.World), "MPI_Bcast");
    }

    /// <summary>Ends all ranks.</summary>
    public void Abort(int exitCode) => abort(handles.World, exitCode);

    public void Finish() => Check(finalize(), "MPI_Finalize");

    private static void Check(int result, string function)
    {
        if (result != 0)
            throw new InvalidOperationException($"{function} failed with error {result}.");
    }
}
