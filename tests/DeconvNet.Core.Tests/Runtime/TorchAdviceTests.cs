using DeconvNet.Runtime;
using ProcessorArchitecture = System.Runtime.InteropServices.Architecture;

namespace DeconvNet.Tests.Runtime;

public class TorchAdviceTests
{
    [Theory]
    [InlineData("linux-x64", ProcessorArchitecture.X64, false, true, false)]
    [InlineData("debian.12-x64", ProcessorArchitecture.X64, false, true, false)]
    [InlineData("win-x64", ProcessorArchitecture.X64, true, false, false)]
    [InlineData("osx-arm64", ProcessorArchitecture.Arm64, false, false, true)]
    public void Supported_systems_pass(string identifier, ProcessorArchitecture process, bool windows, bool linux, bool mac) =>
        Assert.Null(TorchAdvice.UnsupportedPlatform(identifier, process, windows, linux, mac));

    [Theory]
    [InlineData("linux-musl-x64", ProcessorArchitecture.X64, false, true, false, "Alpine")]
    [InlineData("linux-arm64", ProcessorArchitecture.Arm64, false, true, false, "Arm64")]
    [InlineData("win-x86", ProcessorArchitecture.X86, true, false, false, "X86")]
    [InlineData("osx-x64", ProcessorArchitecture.X64, false, false, true, "osx-x64")]
    [InlineData("freebsd-x64", ProcessorArchitecture.X64, false, false, false, "freebsd-x64")]
    public void Other_systems_are_named(string identifier, ProcessorArchitecture process, bool windows, bool linux, bool mac, string named)
    {
        var advice = TorchAdvice.UnsupportedPlatform(identifier, process, windows, linux, mac);
        Assert.Contains(named, advice, StringComparison.Ordinal);
        Assert.Contains("Linux x64 with glibc, Windows x64 and macOS arm64", advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_backend_the_package_and_its_version_are_named()
    {
        var advice = TorchAdvice.BackendMissing("0.107.0");
        Assert.Contains("dotnet add package TorchSharp-cpu --version 0.107.0", advice, StringComparison.Ordinal);
        Assert.Contains("DECONVNET_LIBTORCH", advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mismatch_names_both_versions_and_the_folder()
    {
        var advice = TorchAdvice.VersionMismatch("2.7.1", "2.10.0", "0.107.0", "/opt/torch/lib");
        Assert.All(["2.7.1", "2.10.0", "0.107.0", "/opt/torch/lib"], part => Assert.Contains(part, advice, StringComparison.Ordinal));
        Assert.Contains("an older one", TorchAdvice.VersionMismatch(null, "2.10.0", "0.107.0", null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)", "libstdc++.so.6 is older than libtorch asks for (GLIBCXX_3.4.32)")]
    [InlineData("/lib/libc.so.6: version `GLIBC_2.34' not found (required by /app/libc10.so)", "libc.so.6 is older than libtorch asks for (GLIBC_2.34)")]
    [InlineData("/app/libLibTorchSharp.so: undefined symbol: _ZN2at4_ops3foo", "lacks the symbol _ZN2at4_ops3foo")]
    [InlineData("/app/libtorch_cpu.so: file too short", "libtorch_cpu.so: file too short")]
    public void The_message_of_the_loader_is_explained_without_its_preamble(string words, string explanation)
    {
        var failure = new DllNotFoundException($"Unable to load shared library 'x' or one of its dependencies. Consider setting the LD_DEBUG environment variable: \n{words}\n");
        var advice = TorchAdvice.LoadFailed(failure);
        Assert.Contains(explanation, advice, StringComparison.Ordinal);
        Assert.DoesNotContain("LD_DEBUG", advice, StringComparison.Ordinal);
    }
}
