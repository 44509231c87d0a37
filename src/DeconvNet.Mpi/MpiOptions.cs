namespace DeconvNet.Mpi;

/// <summary>How MPI is found and how long a rank waits. Immutable; checked by <see cref="MpiCommunicator.Start"/>.</summary>
public sealed record MpiOptions
{
    /// <summary>
    /// Name or path of the MPI library, such as <c>libmpi.so.40</c>; <see langword="null"/> for the one that the environment variable <c>DECONVNET_MPI</c> names, or else
    /// the first that is installed, that of the launcher first.
    /// </summary>
    public string? Library { get; init; }

    /// <summary>
    /// How long a rank waits in one exchange for the others, above zero. After that it says so and ends the whole run. Default 30 minutes: a rank may legitimately wait while
    /// another one writes a checkpoint or has slower photos.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The options as text, the same under every culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    internal void Validate()
    {
        OptionValue.Require(Library is not "", this, Library, "a name or a path, or null");
        OptionValue.Require(Timeout > TimeSpan.Zero && Timeout < TimeSpan.FromDays(24), this, Timeout, "above zero and below 24 days");
    }
}
