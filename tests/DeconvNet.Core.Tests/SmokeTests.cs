using DeconvNet.Tests.Support;
using TorchSharp;

namespace DeconvNet.Tests;

[Collection(TorchTests.Name)]
public class SmokeTests
{
    // Nothing of DeconvNet is touched: the code that the package adds to applications must initialize it.
    [Fact]
    public void Torch_loads()
    {
        using var x = torch.ones(3);
        using var sum = x.sum();
        Assert.Equal(3, sum.ToSingle());
    }
}
