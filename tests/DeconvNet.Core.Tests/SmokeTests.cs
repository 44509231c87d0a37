using TorchSharp;

namespace DeconvNet.Tests;

public class SmokeTests
{
    [Fact]
    public void Torch_loads()
    {
        _ = typeof(DeconvNet.Data.VocClasses).Assembly;
        System.Runtime.CompilerServices.RuntimeHelpers.RunModuleConstructor(typeof(DeconvNet.Data.VocClasses).Module.ModuleHandle);
        using var x = torch.ones(3);
        Assert.Equal(3, x.sum().ToSingle());
    }
}
