namespace DeconvNet.Tests.Support;

/// <summary>Tests that run the network or count live tensors run one at a time, since libtorch uses all cores and counts tensors for the whole process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TorchTests
{
    public const string Name = "Torch";
}
