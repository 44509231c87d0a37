using System.Runtime.InteropServices;
using DeconvNet.Runtime;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Runtime;

[Collection(TorchTests.Name)]
public class OpenMpWaitingTests
{
    private const string Seen = "DeconvNet.Tests.Runtime.OpenMpWaitingTests.Native_code_sees_the_setting_that_the_test_names";
    private const string Expected = "DECONVNET_TEST_SPINCOUNT";

    [Theory]
    [InlineData(null, null, "0")]
    [InlineData("123", null, "123")]
    [InlineData(null, "ACTIVE", "")]
    public async Task Waiting_threads_sleep_unless_the_user_says_otherwise(string? spinCount, string? policy, string expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "GNU's OpenMP is Linux's.");
        (await AnotherProcess.Run(Seen, (OpenMpWaiting.Variable, spinCount), ("OMP_WAIT_POLICY", policy), (Expected, expected))).AssertOnePassed();
    }

    /// <summary>For the test above, in a process of its own.</summary>
    [Fact]
    public void Native_code_sees_the_setting_that_the_test_names()
    {
        if (Environment.GetEnvironmentVariable(Expected) is not { } expected)
            return;
        TorchRuntime.Initialize();
        Assert.Equal(expected, Marshal.PtrToStringUTF8(GetVariable(OpenMpWaiting.Variable)) ?? "");
    }

    [DllImport("libc", EntryPoint = "getenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint GetVariable(string name);
}
