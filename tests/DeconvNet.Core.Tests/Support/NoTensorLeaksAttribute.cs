using System.Reflection;
using TorchSharp;
using Xunit.v3;

namespace DeconvNet.Tests.Support;

/// <summary>
/// Fails every test of a class after which more tensors are alive than before. Not for tests that make modules with parameters: TorchSharp counts the emptied
/// tensor from which each parameter was made forever. The class must be in the collection <see cref="TorchTests"/>, since tensors are counted for the whole process.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class NoTensorLeaksAttribute : BeforeAfterTestAttribute
{
    private long before;

    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => before = LiveTensors.CountSettled();

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        var leaked = torch.Tensor.TotalCount - before;
        Assert.True(leaked <= 0, $"{methodUnderTest.Name} leaves {leaked} tensors behind.");
    }
}
