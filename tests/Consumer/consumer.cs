#:package DeconvNet.Core@0.1.0
#:package TorchSharp-cpu@0.107.0
#:property PublishAot=false
#:property UseCurrentRuntimeIdentifier=true

// What a stranger might write: TorchSharp first, then DeconvNet. .ci/run builds it outside the repository, in every form that an application can take.
using DeconvNet.Architecture;
using DeconvNet.Datasets;
using DeconvNet.Networks;
using DeconvNet.Runtime;
using TorchSharp;

if (args is ["--check"])
{
    Console.WriteLine(TorchRuntime.Check());
    return TorchRuntime.Check().IsUsable ? 0 : 1;
}

if (args is ["--network"])
{
    using var network = new DeconvNetModel(DeconvNetOptions.Compact);
    return 0;
}

using var ones = torch.ones(VocClasses.Names.Count);
using var sum = ones.sum();
Console.WriteLine($"{string.Join(", ", VocClasses.Names)}: {sum.ToSingle()} classes");
Console.WriteLine(TorchRuntime.Check());
return sum.ToSingle() == 21 ? 0 : 1;
