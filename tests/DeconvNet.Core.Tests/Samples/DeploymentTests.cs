using DeconvNet.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace DeconvNet.Tests.Samples;

/// <summary>The Kubernetes manifests match the samples; tests/cluster.sh covers those of Slurm.</summary>
public class DeploymentTests
{
    [Theory]
    [InlineData("segment.yaml")]
    [InlineData("merge.yaml")]
    public void A_manifest_is_a_job_whose_containers_mount_volumes_that_it_has_and_are_bounded(string file)
    {
        var job = Load(file);

        Assert.Equal("batch/v1", Text(job, "apiVersion"));
        Assert.Equal("Job", Text(job, "kind"));
        Assert.Matches("^[a-z0-9-]{1,63}$", Text(job, "metadata", "name"));
        Assert.Contains(Text(job, "spec", "template", "spec", "restartPolicy"), (string[])["Never", "OnFailure"]);
        var pod = Node(job, "spec", "template", "spec");
        var volumes = Items(pod, "volumes").Select(volume => Text(volume, "name")).ToArray();
        foreach (var container in Items(pod, "containers"))
        {
            Assert.All(Items(container, "volumeMounts"), mount => Assert.Contains(Text(mount, "name"), volumes));
            Assert.NotEmpty(Text(container, "resources", "limits", "memory"));
            Assert.Contains("/photos", Arguments(container));
        }
    }

    [Fact]
    public void The_parts_know_how_many_they_are_and_try_again_one_by_one()
    {
        var spec = Node(Load("segment.yaml"), "spec");
        var container = Items(Node(spec, "template", "spec"), "containers").Single();

        Assert.Equal("Indexed", Text(spec, "completionMode"));
        Assert.True(int.Parse(Text(spec, "backoffLimitPerIndex"), System.Globalization.CultureInfo.InvariantCulture) > 0);
        Assert.Equal(Text(spec, "completions"), Text(Items(container, "env").Single(variable => Text(variable, "name") == "JOB_COMPLETIONS"), "value"));
        Assert.Contains("--shard auto", string.Join(' ', Arguments(container)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_merge_has_the_options_of_the_parts()
    {
        var part = string.Join(' ', Arguments(Items(Node(Load("segment.yaml"), "spec", "template", "spec"), "containers").Single()));
        var merge = string.Join(' ', Arguments(Items(Node(Load("merge.yaml"), "spec", "template", "spec"), "containers").Single()));

        Assert.Equal(part.Replace("--shard auto", "--merge", StringComparison.Ordinal), merge);
    }

    private static YamlNode Load(string file)
    {
        Assert.SkipUnless(Repository.Root is not null, "The sources are not beside the tests.");
        var stream = new YamlStream();
        using var text = File.OpenText(Path.Combine(Repository.Root!, "deploy", "kubernetes", file));
        stream.Load(text);
        return Assert.Single(stream.Documents).RootNode;
    }

    private static YamlNode Node(YamlNode node, params string[] path) => path.Aggregate(node, (inner, name) => inner[name]);

    private static string Text(YamlNode node, params string[] path) => Assert.IsType<YamlScalarNode>(Node(node, path)).Value!;

    private static YamlSequenceNode Items(YamlNode node, string name) => Assert.IsType<YamlSequenceNode>(node[name]);

    private static string[] Arguments(YamlNode container) => [.. Items(container, "args").Select(argument => ((YamlScalarNode)argument).Value!)];
}
