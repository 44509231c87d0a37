using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using Assembly = System.Reflection.Assembly;

namespace DeconvNet.Tests.Architecture;

/// <summary>The drawing of docs/architecture.md as rules: which namespace may use which.</summary>
public class ArchitectureTests
{
    private static readonly Assembly Pipeline = typeof(RgbImage).Assembly;
    private static readonly Assembly Core = typeof(DeconvNetModel).Assembly;

    // A namespace may use those named here, those under its own name, and the root.
    private static readonly Dictionary<string, string[]> AllowedInPipeline = new()
    {
        ["DeconvNet"] = [],
        ["DeconvNet.Imaging"] = ["Imaging.Png", "Imaging.Resampling"],
        ["DeconvNet.Imaging.Masks"] = ["Imaging", "Imaging.Png"],
        ["DeconvNet.Imaging.Png"] = [],
        ["DeconvNet.Imaging.Resampling"] = [],
        ["DeconvNet.Imaging.Drawing"] = ["Imaging"],
        ["DeconvNet.Proposals"] = ["Imaging"],
        ["DeconvNet.Proposals.Edges"] = ["Imaging", "Imaging.Resampling"],
        ["DeconvNet.Proposals.Forest"] = ["Imaging", "Imaging.Resampling", "Proposals.Edges"],
        ["DeconvNet.Proposals.Search"] = ["Imaging", "Proposals", "Proposals.Edges"],
        ["DeconvNet.Proposals.Ranking"] = ["Imaging", "Proposals", "Proposals.Edges", "Proposals.Search"],
        ["DeconvNet.Proposals.Files"] = ["Imaging", "Proposals"],
        ["DeconvNet.Crf"] = ["Crf.Lattice", "Imaging"],
        ["DeconvNet.Crf.Lattice"] = [],
        ["DeconvNet.Architecture"] = ["Imaging"],
        ["DeconvNet.Weights"] = ["Architecture", "Imaging", "Weights.Formats"],
        ["DeconvNet.Weights.Formats"] = ["Architecture"],
        ["DeconvNet.Segmentation"] = ["Segmentation.Scores", "Crf", "Imaging", "Imaging.Drawing", "Imaging.Masks", "Imaging.Resampling", "Proposals", "Proposals.Ranking", "Weights"],
        ["DeconvNet.Segmentation.Scores"] = ["Crf", "Imaging", "Imaging.Resampling"],
        ["DeconvNet.Datasets"] = ["Datasets.Coco", "Imaging", "Imaging.Masks", "Imaging.Png"],
        ["DeconvNet.Datasets.Coco"] = ["Imaging", "Imaging.Masks"],
        ["DeconvNet.Evaluation"] = ["Datasets", "Evaluation.Metrics", "Evaluation.Reports", "Imaging", "Proposals", "Segmentation"],
        ["DeconvNet.Evaluation.Metrics"] = ["Imaging", "Proposals", "Segmentation.Scores"],
        ["DeconvNet.Evaluation.Reports"] = ["Evaluation.Metrics"],
    };

    private static readonly Dictionary<string, string[]> AllowedInCore = new()
    {
        ["DeconvNet.Runtime"] = [],
        ["DeconvNet.Networks"] = ["Runtime"],
        ["DeconvNet.Weights"] = ["Networks"],
        ["DeconvNet.Engine"] = ["Networks", "Runtime"],
        ["DeconvNet.Training"] = ["Engine", "Networks", "Training.Distillation", "Training.Examples", "Training.Logging", "Training.Optimization", "Training.Ranks", "Training.Stages", "Weights"],
        ["DeconvNet.Training.Distillation"] = ["Networks"],
        ["DeconvNet.Training.Examples"] = ["Training.Distillation", "Training.Stages"],
        ["DeconvNet.Training.Logging"] = [],
        ["DeconvNet.Training.Optimization"] = ["Networks"],
        ["DeconvNet.Training.Ranks"] = ["Networks"],
        ["DeconvNet.Training.Stages"] = ["Training.Optimization"],
    };

    [Fact]
    public void The_pipeline_knows_no_tensor_library() =>
        Assert.DoesNotContain(Pipeline.GetReferencedAssemblies(), name => name.Name!.Contains("Torch", StringComparison.OrdinalIgnoreCase) || name.Name.Contains("Onnx", StringComparison.OrdinalIgnoreCase) || name.Name == Core.GetName().Name);

    [Fact]
    public void Namespaces_of_the_pipeline_use_only_those_below_them() => AssertAllowed(Pipeline, AllowedInPipeline);

    [Fact]
    public void Namespaces_of_the_core_use_only_those_below_them() => AssertAllowed(Core, AllowedInCore);

    [Fact]
    public void The_rules_themselves_have_no_cycle()
    {
        foreach (var rules in new[] { AllowedInPipeline, AllowedInCore })
        {
            var left = rules.ToDictionary(rule => rule.Key, rule => rule.Value.Select(name => "DeconvNet." + name).ToHashSet());
            while (left.Count > 0)
            {
                var free = left.Where(rule => !rule.Value.Overlaps(left.Keys)).Select(rule => rule.Key).ToArray();
                Assert.True(free.Length > 0, $"A cycle runs through {string.Join(", ", left.Keys)}.");
                foreach (var name in free)
                    left.Remove(name);
            }
        }
    }

    [Fact]
    public void Namespaces_follow_folders()
    {
        var root = Repository.Root;
        Assert.SkipUnless(root is not null, "The sources are not beside the tests.");
        // Pipeline and Core share their namespaces, so that applications need not know the assembly of a type.
        foreach (var (project, start) in new[] { ("DeconvNet.Pipeline", "DeconvNet"), ("DeconvNet.Core", "DeconvNet"), ("DeconvNet.OnnxRuntime", "DeconvNet.OnnxRuntime"), ("DeconvNet.Mpi", "DeconvNet.Mpi") })
        {
            var folder = Path.Combine(root!, "src", project);
            foreach (var file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            {
                var inside = Path.GetRelativePath(folder, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');
                if (inside.StartsWith("obj", StringComparison.Ordinal) || inside.StartsWith("bin", StringComparison.Ordinal) || inside.StartsWith("buildTransitive", StringComparison.Ordinal))
                    continue;
                var expected = inside == "." ? $"namespace {start};" : $"namespace {start}.{inside};";
                Assert.True(File.ReadLines(file).Contains(expected), $"{file} has no line '{expected}'.");
            }
        }
    }

    private static void AssertAllowed(Assembly assembly, Dictionary<string, string[]> allowed)
    {
        var types = new ArchLoader().LoadAssembly(assembly).Build().Types.Where(type => IsIn(type, assembly)).ToArray();
        var found = types.Select(type => type.Namespace.FullName).Where(IsOurs).Distinct().Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(allowed.Keys.Order(StringComparer.Ordinal), found);
        var offences =
            from type in types
            where IsOurs(type.Namespace.FullName)
            from dependency in type.Dependencies
            let target = dependency.Target
            let name = target.Namespace?.FullName ?? ""
            // Instances of generic methods carry the name of the assembly that makes them.
            where IsIn(target, assembly) && IsOurs(target.FullName) && IsOurs(name) && name != "DeconvNet" && name != type.Namespace.FullName
                && !allowed[type.Namespace.FullName].Contains(name["DeconvNet.".Length..])
            select $"{type.FullName} uses {target.FullName}";
        Assert.True(!offences.Any(), string.Join("; ", offences.Distinct()));
    }

    private static bool IsIn(IType type, Assembly assembly) => type.Assembly?.Name == assembly.GetName().Name || type.Assembly?.Name == assembly.FullName;

    private static bool IsOurs(string name) => name == "DeconvNet" || name.StartsWith("DeconvNet.", StringComparison.Ordinal);
}
