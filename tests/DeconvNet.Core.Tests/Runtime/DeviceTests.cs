using DeconvNet.Runtime;
using DeconvNet.Tests.Support;
using TorchSharp;

namespace DeconvNet.Tests.Runtime;

/// <summary>Devices by name.</summary>
[Collection(TorchTests.Name)]
public class DeviceTests
{
    [Fact]
    public void The_cpu_is_always_there_and_auto_takes_a_gpu_where_there_is_one()
    {
        Assert.Equal(DeviceType.CPU, TorchRuntime.GetDevice("cpu").type);
        Assert.Equal(TorchRuntime.Check().IsCudaAvailable ? DeviceType.CUDA : DeviceType.CPU, TorchRuntime.GetDevice("auto").type);
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:0:1")]
    [InlineData("CPU")]
    public void Another_name_is_refused_with_those_that_are_known(string name) =>
        Assert.Contains("it must be cpu, cuda, cuda:1", Assert.Throws<ArgumentException>(() => TorchRuntime.GetDevice(name)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("cuda")]
    [InlineData("cuda:7")]
    public void A_gpu_that_is_not_there_is_refused_with_what_to_do(string name)
    {
        Assert.SkipWhen(TorchRuntime.Check().IsCudaAvailable, "There is a GPU here.");
        var message = Assert.Throws<InvalidOperationException>(() => TorchRuntime.GetDevice(name)).Message;
        Assert.Contains($"no GPU for '{name}'", message, StringComparison.Ordinal);
        Assert.Contains("TorchSharp-cuda-linux", message, StringComparison.Ordinal);
    }
}
