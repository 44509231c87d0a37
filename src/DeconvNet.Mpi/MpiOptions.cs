namespace DeconvNet.Mpi;

/// <summary>The MPI library and the timeout. Immutable; validated by <see cref="MpiCommunicator.Start"/>.</summary>
public sealed record MpiOptions
{
    /// <summary>
    /// Name or path of the MPI library, such as <c>libmpi.so.40</c>; <see langword="null"/> for the one given by the environment variable <c>DECONVNET_MPI</c>, or otherwise
    /// the first one installed, preferably the launcher's.
    /// </summary>
    public string? Library { get; init; }

    /// <summary>
    /// How long a rank waits for the others in one exchange, above zero. After that it reports this and aborts the run. Default 30 minutes: a rank may legitimately wait while
    /// another one writes a checkpoint or reads slower photos.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    internal void Validate()
    {
        OptionValue.Require(Library is not "", this, Library, "a name or a path, or null");
        OptionValue.Require(Timeout > TimeSpan.Zero && Timeout < TimeSpan.FromDays(24), this, Timeout, "above zero and below 24 days");
    }
}
