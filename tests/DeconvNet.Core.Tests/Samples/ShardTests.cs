using DeconvNet.Tests.Support;
using Samples;

namespace DeconvNet.Tests.Samples;

public class ShardTests
{
    private static readonly string[] Items = ["a", "b", "c", "d", "e"];
    private static readonly string[] Work = ["fcn8s", "weights 1"];

    [Theory]
    [InlineData("2/5", "", 2, 5)]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=4", 3, 4)]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=3", 1, 4)]
    [InlineData("auto", "JOB_COMPLETION_INDEX=0 JOB_COMPLETIONS=16", 1, 16)]
    [InlineData("auto", "JOB_COMPLETION_INDEX=15 JOB_COMPLETIONS=16", 16, 16)]
    public void A_part_is_read_from_the_command_line_or_from_the_scheduler(string text, string environment, int number, int count) =>
        Assert.Equal(new Shard(number, count), Shard.Parse(text, Variables(environment)));

    [Theory]
    [InlineData("0/5", "", "is not a part")]
    [InlineData("0/0", "", "is not a part")]
    [InlineData("1/0", "", "is not a part")]
    [InlineData("-1/2", "", "is not a part")]
    [InlineData("1/2/3", "", "is not a part")]
    [InlineData("6/5", "", "is not a part")]
    [InlineData("two", "", "is not a part")]
    [InlineData("auto", "", "finds no scheduler")]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=3", "SLURM_ARRAY_TASK_COUNT, which is not set")]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=x SLURM_ARRAY_TASK_COUNT=4", "SLURM_ARRAY_TASK_ID is 'x'")]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=9 SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=9", "without gaps")]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=1 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=3", "as in --shard 3/n")]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=4 SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=4", "from 0 or 1")]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_COUNT=0", "without gaps")]
    [InlineData("auto", "JOB_COMPLETION_INDEX=0 JOB_COMPLETIONS=0", "must be the completions of the job")]
    [InlineData("auto", "JOB_COMPLETION_INDEX=3", "JOB_COMPLETIONS, which is not set")]
    [InlineData("auto", "JOB_COMPLETION_INDEX=4 JOB_COMPLETIONS=4", "must be the completions of the job")]
    public void Invalid_parts_are_refused_with_what_is_missing(string text, string environment, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Shard.Parse(text, Variables(environment))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void Parts_have_every_item_once(int count) =>
        Assert.Equal(Items, Enumerable.Range(1, count).SelectMany(number => new Shard(number, count).Of(Items)).Order());

    [Fact]
    public void Finished_parts_are_found_in_order_and_missing_ones_named()
    {
        using var folder = new TemporaryFolder();
        Save(folder, 3, 3);
        Save(folder, 1, 3);
        Assert.Contains("not finished: 2/3.", Refused(folder), StringComparison.Ordinal);

        Save(folder, 2, 3);
        Save(folder, 2, 3);
        Assert.Equal(["shard-1-of-3", "shard-2-of-3", "shard-3-of-3"], ShardManifest.Complete(folder.Root, Items, Work).Select(Path.GetFileName));
        Assert.Equal(["shard.json"], Directory.GetFiles(folder["shard-2-of-3"]).Select(Path.GetFileName));
    }

    [Fact]
    public void Parts_of_different_works_lists_and_counts_are_not_mixed()
    {
        using var folder = new TemporaryFolder();
        Save(folder, 1, 2);
        Save(folder, 2, 2, work: ["fcn8s", "weights 2"]);
        Assert.Contains("was made in another way: \"fcn8s; weights 2\"; expected \"fcn8s; weights 1\"", Refused(folder), StringComparison.Ordinal);

        Save(folder, 2, 2, items: ["a", "b"]);
        Assert.Contains("is a part of 2 other items; expected a part of these 5", Refused(folder), StringComparison.Ordinal);

        Save(folder, 2, 2);
        Save(folder, 3, 4);
        Assert.Contains("is part 3 of 4", Refused(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_is_not_begun_beside_finished_ones_of_another_job()
    {
        using var folder = new TemporaryFolder();
        ShardManifest.RequireSameWork(folder["none yet"], new Shard(1, 2), Items, Work);
        Save(folder, 1, 2);

        ShardManifest.RequireSameWork(folder.Root, new Shard(2, 2), Items, Work);
        Assert.Contains("is part 1 of 2; this is 1/1", Begin(new Shard(1, 1), Items, Work), StringComparison.Ordinal);
        Assert.Contains("was made in another way", Begin(new Shard(2, 2), Items, ["fcn8s", "weights 2"]), StringComparison.Ordinal);
        Assert.Contains("is a part of 5 other items", Begin(new Shard(2, 2), ["a\nb", "c", "d", "e", "f"], Work), StringComparison.Ordinal);

        string Begin(Shard shard, string[] items, string[] work) => Assert.Throws<InvalidDataException>(() => ShardManifest.RequireSameWork(folder.Root, shard, items, work)).Message;
    }

    [Fact]
    public void Names_are_told_apart_whatever_they_hold() =>
        Assert.NotEqual(ShardManifest.HashOf(["a\nb", "c"]), ShardManifest.HashOf(["a", "b\nc"]));

    [Fact]
    public void A_manifest_in_the_folder_of_another_part_is_refused()
    {
        using var folder = new TemporaryFolder();
        Save(folder, 1, 2);
        Directory.Move(folder["shard-1-of-2"], folder["shard-2-of-2"]);
        Assert.Contains("is of part 1 of 2, but is not in that part's folder", Refused(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_parts_and_a_damaged_manifest_are_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("has no finished part", Refused(folder), StringComparison.Ordinal);
        Directory.CreateDirectory(folder["shard-1-of-1"]);
        foreach (var text in new[] { "{", "{}", "null" })
        {
            File.WriteAllText(folder["shard-1-of-1/shard.json"], text);
            Assert.Contains("is not a manifest of a part", Refused(folder), StringComparison.Ordinal);
        }
    }

    private static void Save(TemporaryFolder folder, int number, int count, string[]? items = null, string[]? work = null)
    {
        var shard = new Shard(number, count);
        ShardManifest.Of(shard, items ?? Items, work ?? Work).Save(shard.FolderIn(folder.Root));
    }

    private static string Refused(TemporaryFolder folder) => Assert.Throws<InvalidDataException>(() => ShardManifest.Complete(folder.Root, Items, Work)).Message;

    private static Func<string, string?> Variables(string text)
    {
        var values = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(entry => entry.Split('=')).ToDictionary(entry => entry[0], entry => entry[1]);
        return values.GetValueOrDefault;
    }
}
