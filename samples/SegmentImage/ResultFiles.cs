using DeconvNet.Imaging.Drawing;
using DeconvNet.Segmentation;

namespace SegmentImage;

/// <summary>What is written for one photo.</summary>
internal sealed record ResultFiles
{
    public required string Labels { get; init; }

    public string? Overlay { get; init; }

    public OverlayOptions OverlayOptions { get; init; } = OverlayOptions.Default;

    public string? ProposalPicture { get; init; }

    public string? Cutout { get; init; }

    /// <summary>The classes that are cut out; null for all but background.</summary>
    public IReadOnlyList<string>? CutoutClasses { get; init; }

    public string? Json { get; init; }

    /// <summary>One file with the regions of all photos, of a batch too.</summary>
    public string? Coco { get; init; }

    /// <summary>The classes that the network must know.</summary>
    public IEnumerable<string> NamedClasses => [.. OverlayOptions.Classes ?? [], .. CutoutClasses ?? []];

    /// <summary>The labels come last, so that where they are, all is.</summary>
    private IEnumerable<string> All => new[] { Overlay, ProposalPicture, Cutout, Json, Labels }.OfType<string>();

    /// <summary>Whether an earlier run has written everything, after the photo was last changed.</summary>
    public bool AreFinished(string photo) => All.All(path => File.Exists(path) && File.GetLastWriteTimeUtc(path) >= File.GetLastWriteTimeUtc(photo));

    /// <summary>The same files under the name of a photo, in the folders that these name.</summary>
    public ResultFiles In(string name)
    {
        return this with
        {
            Labels = Path.Combine(Labels, name + ".png"),
            Overlay = Below(Overlay, ".png"),
            ProposalPicture = Below(ProposalPicture, ".png"),
            Cutout = Below(Cutout, ".png"),
            Json = Below(Json, ".json"),
        };

        string? Below(string? folder, string extension) => folder is null ? null : Path.Combine(folder, name + extension);
    }

    /// <summary>Checks that all files can be written, that none is another one, and that none is the photo.</summary>
    public void RequireWritable(string photo)
    {
        RequireApart();
        foreach (var path in All.Concat(Coco is null ? [] : [Coco]))
        {
            if (Path.GetFullPath(path) == Path.GetFullPath(photo))
                throw new ArgumentException($"{path} is the photo itself; name another file to write.");
            OutputPath.RequireWritable(path);
        }
    }

    /// <summary>Checks that the folders are not those of photos, whose names results would have, and makes them.</summary>
    public void RequireWritableFolders(IReadOnlyList<ListedPhoto> photos)
    {
        RequireApart();
        var sources = photos.Select(photo => Path.GetDirectoryName(Path.GetFullPath(photo.Path))!).ToHashSet();
        foreach (var folder in All)
        {
            if (sources.Contains(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))))
                throw new ArgumentException($"{folder} holds photos of the batch, which the results must not be mixed with; name another folder to write to.");
            OutputPath.RequireWritableFolder(folder);
        }

        if (Coco is not null)
            OutputPath.RequireWritable(Coco);
    }

    public void Write(SegmentationResult result)
    {
        foreach (var path in All)
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (Overlay is not null)
            result.Overlay(OverlayOptions).SavePng(Overlay);
        if (ProposalPicture is not null)
            BoxPicture.Draw(result.Photo, result.Proposals).SavePng(ProposalPicture);
        if (Cutout is not null)
            result.Cutout([.. CutoutClasses ?? result.ClassNames.Skip(1)]).SavePng(Cutout);
        if (Json is not null)
            File.WriteAllText(Json, result.ToJson());
        result.SavePng(Labels);
    }

    private void RequireApart()
    {
        if (All.Concat(Coco is null ? [] : [Coco]).GroupBy(Path.GetFullPath).FirstOrDefault(group => group.Count() > 1) is { } same)
            throw new ArgumentException($"{same.First()} is named for two results; name one for each.");
    }
}
