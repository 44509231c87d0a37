using DeconvNet.Runtime;

namespace DeconvNet.Tests.Runtime;

public class LibTorchVersionTests
{
    [Theory]
    [InlineData(0x020a000000000000, "2.10.0")]
    [InlineData(0x0209010000000000, "2.9.1")]
    [InlineData(0x030b020400000000, "3.11.2")]
    public void The_version_number_is_decoded(ulong number, string version) => Assert.Equal(version, LibTorchVersion.Decode(number));

    [Theory]
    [InlineData("2.10.0", "2.10.0", true)]
    [InlineData("2.10.3", "2.10.0", true)]
    [InlineData("2.9.1", "2.10.0", false)]
    [InlineData("3.10.0", "2.10.0", false)]
    [InlineData(null, "2.10.0", false)]
    [InlineData(null, "2.7.1", true)]
    [InlineData("2.9.1", null, true)]
    public void The_first_two_numbers_must_agree(string? found, string? expected, bool fits) => Assert.Equal(fits, LibTorchVersion.Fits(found, expected));

    [Fact]
    public void TorchSharp_states_the_version_that_it_was_built_for() => Assert.Matches(@"^\d+\.\d+\.\d+$", LibTorchVersion.Expected);
}
