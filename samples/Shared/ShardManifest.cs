using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Samples;

/// <summary>The record of a finished part of a batch job, in <c>shard.json</c> beside its results.</summary>
/// <param name="Number">Number of the part, from 1.</param>
/// <param name="Count">How many parts there are.</param>
/// <param name="Items">Items in this part.</param>
/// <param name="TotalItems">Items in all parts.</param>
/// <param name="ItemsHash">SHA-256 over the names of all items, in order.</param>
/// <param name="Work">What was done with them, weights and options included; parts that differ in it do not belong together.</param>
internal sealed record ShardManifest(int Number, int Count, int Items, int TotalItems, string ItemsHash, IReadOnlyList<string> Work)
{
    public const string FileName = "shard.json";

    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true };

    /// <summary>Describes one part of a list.</summary>
    public static ShardManifest Of(Shard shard, IReadOnlyList<string> items, IReadOnlyList<string> work) =>
        new(shard.Number, shard.Count, shard.Of(items).Length, items.Count, HashOf(items), work);

    public static string HashOf(IReadOnlyList<string> items) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', items))));

    /// <summary>The finished parts in the folder of a whole, by number.</summary>
    /// <param name="folder">Where the parts' folders are.</param>
    /// <param name="items">All items of the whole.</param>
    /// <param name="work">What is to be done with them.</param>
    /// <exception cref="InvalidDataException">Parts are missing, are of different works, or are parts of another list.</exception>
    public static IReadOnlyList<string> Complete(string folder, IReadOnlyList<string> items, IReadOnlyList<string> work)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder {folder} whose parts could be merged.");
        var parts = Finished(folder);
        if (parts.Length == 0)
            throw new InvalidDataException($"{folder} has no finished part: expected folders shard-i-of-n, each with a {FileName}.");

        var first = parts[0].Manifest;
        foreach (var (path, manifest) in parts)
        {
            if (manifest.Count != first.Count)
                throw new InvalidDataException($"{path} is part {manifest.Number} of {manifest.Count}; {parts[0].Path} is one of {first.Count}. Remove the folders of the job that you do not want.");
            manifest.Require(path, items, work);
        }

        int[] missing = [.. Enumerable.Range(1, first.Count).Except(parts.Select(part => part.Manifest.Number))];
        if (missing.Length > 0)
            throw new InvalidDataException($"{folder}: of {first.Count} parts these are not finished: {string.Join(", ", missing.Select(number => new Shard(number, first.Count)))}. Run them again with --shard.");
        return [.. parts.Select(part => Path.GetDirectoryName(part.Path)!)];
    }

    /// <summary>Refuses a folder in which a part of another list, of another work or of another number of parts is finished: their results would be mixed.</summary>
    /// <exception cref="InvalidDataException">There is such a part.</exception>
    public static void RequireSameWork(string folder, Shard shard, IReadOnlyList<string> items, IReadOnlyList<string> work)
    {
        foreach (var (path, manifest) in Directory.Exists(folder) ? Finished(folder) : [])
        {
            if (manifest.Count != shard.Count)
                throw new InvalidDataException($"{path} is part {manifest.Number} of {manifest.Count}; this is {shard}. Give the parts that are missing the same number of parts, or choose another folder.");
            manifest.Require(path, items, work);
        }
    }

    /// <summary>Writes the manifest as the last file of the part: it says that all others are there.</summary>
    public void Save(string folder)
    {
        // A task that was taken for dead may end at the same time as the one in its place; both say the same, and whoever reads sees a whole file.
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{FileName}-{Guid.NewGuid():N}.tmp");
        try
        {
            File.WriteAllText(temporary, JsonSerializer.Serialize(this, Form));
            File.Move(temporary, Path.Combine(folder, FileName), overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static (string Path, ShardManifest Manifest)[] Finished(string folder) =>
    [
        .. Directory.GetDirectories(folder, "shard-*-of-*")
            .Select(part => Path.Combine(part, FileName))
            .Where(File.Exists)
            .Select(path => (path, Load(path)))
            .OrderBy(part => part.Item2.Number),
    ];

    private void Require(string path, IReadOnlyList<string> items, IReadOnlyList<string> work)
    {
        if (ItemsHash != HashOf(items) || TotalItems != items.Count)
            throw new InvalidDataException($"{path} is a part of {TotalItems} other items; expected a part of these {items.Count}.");
        if (!Work.SequenceEqual(work))
            throw new InvalidDataException($"{path} was made in another way: \"{string.Join("; ", Work)}\"; expected \"{string.Join("; ", work)}\".");
    }

    private static ShardManifest Load(string path)
    {
        try
        {
            if (JsonSerializer.Deserialize<ShardManifest>(File.ReadAllText(path)) is { ItemsHash: not null, Work: not null, Number: >= 1 } manifest && manifest.Number <= manifest.Count)
            {
                var folder = Path.GetDirectoryName(path)!;
                return new Shard(manifest.Number, manifest.Count).FolderIn(Path.GetDirectoryName(folder)!) == folder
                    ? manifest
                    : throw new InvalidDataException($"{path} is of part {manifest.Number} of {manifest.Count}, but is not in that part's folder.");
            }
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{path} is not a manifest of a part: {fault.Message}", fault);
        }

        throw new InvalidDataException($"{path} is not a manifest of a part: expected Number, Count, Items, TotalItems, ItemsHash and Work.");
    }
}
