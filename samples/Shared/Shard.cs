using System.Globalization;

namespace Samples;

/// <summary>One of several equal parts of a list, written <c>2/5</c>: what one machine, or one task of a batch job, does of it.</summary>
internal readonly record struct Shard(int Number, int Count)
{
    private const string Automatic = "auto";

    /// <summary>Reads <c>i/n</c>, or with <c>auto</c> what a scheduler left in the environment.</summary>
    /// <param name="text">The value of <c>--shard</c>.</param>
    /// <param name="environment">Gives the value of an environment variable.</param>
    /// <exception cref="ArgumentException">It is not a part, or no scheduler started this process.</exception>
    public static Shard Parse(string text, Func<string, string?> environment)
    {
        if (text == Automatic)
            return OfSlurm(environment) ?? OfKubernetes(environment) ?? throw new ArgumentException(
                "--shard auto finds no scheduler: it needs SLURM_ARRAY_TASK_ID of a Slurm array, or JOB_COMPLETION_INDEX of a Kubernetes Indexed Job with JOB_COMPLETIONS set to its completions.");
        return text.Split('/') is [var number, var count] && Read(number) is { } i && Read(count) is { } n && i >= 1 && i <= n
            ? new Shard(i, n)
            : throw new ArgumentException($"--shard {text} is not a part: expected i/n with i from 1 to n, for instance 2/5, or {Automatic}.");
    }

    /// <summary>The folder of this part's results, in that of the whole.</summary>
    public string FolderIn(string folder) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"shard-{Number}-of-{Count}"));

    /// <summary>Every n-th item, from the i-th on: neighbors in a list often take similar time.</summary>
    public T[] Of<T>(IReadOnlyList<T> items)
    {
        var (first, step) = (Number - 1, Count);
        return [.. items.Where((_, i) => i % step == first)];
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");

    // An array that begins later, or has gaps, repeats some tasks of a larger one, whose number of parts nobody knows here.
    private static Shard? OfSlurm(Func<string, string?> environment)
    {
        if (environment("SLURM_ARRAY_TASK_ID") is not { Length: > 0 } task)
            return null;
        var (number, count) = (Require("SLURM_ARRAY_TASK_ID", task), Require("SLURM_ARRAY_TASK_COUNT", environment("SLURM_ARRAY_TASK_COUNT")));
        var (min, max) = (Require("SLURM_ARRAY_TASK_MIN", environment("SLURM_ARRAY_TASK_MIN") ?? "1"), Require("SLURM_ARRAY_TASK_MAX", environment("SLURM_ARRAY_TASK_MAX") ?? environment("SLURM_ARRAY_TASK_COUNT")));
        return min <= 1 && max - min + 1 == count && number >= min && number <= max
            ? new Shard(number - min + 1, count)
            : throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"--shard auto needs a Slurm array from 0 or 1 without gaps, such as --array=1-4; task {number} is of one that has {count} tasks from {min} to {max}. To repeat single parts, name them, as in --shard {Math.Max(1, number)}/n."));
    }

    private static Shard? OfKubernetes(Func<string, string?> environment)
    {
        if (environment("JOB_COMPLETION_INDEX") is not { Length: > 0 } index)
            return null;
        var (number, count) = (Require("JOB_COMPLETION_INDEX", index), Require("JOB_COMPLETIONS", environment("JOB_COMPLETIONS")));
        return number < count
            ? new Shard(number + 1, count)
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"JOB_COMPLETION_INDEX is {number}, but JOB_COMPLETIONS is {count}: it must be the completions of the job."));
    }

    private static int Require(string name, string? value) => Read(value) ?? throw new ArgumentException(
        value is null ? $"--shard auto needs the environment variable {name}, which is not set." : $"The environment variable {name} is '{value}'; expected a whole number.");

    private static int? Read(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
