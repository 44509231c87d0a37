using DeconvNet.Imaging.Drawing;
using DeconvNet.Segmentation;

namespace SegmentImage;

/// <summary>The files written for one photo.</summary>
internal sealed record ResultFiles
{
    public required string Labels { get; init; }

    public string? Overlay { get; init; }

    public OverlayOptions OverlayOptions { get; init; } = OverlayOptions.Default;

    public string? ProposalPicture { get; init; }

    /// <summary>The labels are written last, so that their presence means that everything is there.</summary>
    private IEnumerable<string> All => new[] { Overlay, ProposalPicture, Labels }.OfType<string>();

    /// <summary>Whether an earlier run has written everything since the photo last changed.</summary>
    public bool AreFinished(string photo) => All.All(path => File.Exists(path) && File.GetLastWriteTimeUtc(path) >= File.GetLastWriteTimeUtc(photo));

    /// <summary>The same kinds of files for a photo, in the folders given by these paths.</summary>
    public ResultFiles In(string name) => new()
    {
        Labels = Path.Combine(Labels, name + ".png"),
        Overlay = Overlay is null ? null : Path.Combine(Overlay, name + ".png"),
        OverlayOptions = OverlayOptions,
        ProposalPicture = ProposalPicture is null ? null : Path.Combine(ProposalPicture, name + ".png"),
    };

    /// <summary>Checks that all files can be written, that no two are the same, and that none is the photo.</summary>
    public void RequireWritable(string photo)
    {
        RequireApart();
        foreach (var path in All)
        {
            if (Path.GetFullPath(path) == Path.GetFullPath(photo))
                throw new ArgumentException($"{path} is the photo itself; name another file to write.");
            OutputPath.RequireWritable(path);
        }
    }

    /// <summary>Checks that the folders are not those of the photos, whose names the results would have, and creates them.</summary>
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
    }

    public void Write(SegmentationResult result)
    {
        foreach (var path in All)
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (Overlay is not null)
            result.Overlay(OverlayOptions).SavePng(Overlay);
        if (ProposalPicture is not null)
            BoxPicture.Draw(result.Photo, result.Proposals).SavePng(ProposalPicture);
        result.SavePng(Labels);
    }

    private void RequireApart()
    {
        if (All.GroupBy(Path.GetFullPath).FirstOrDefault(group => group.Count() > 1) is { } same)
            throw new ArgumentException($"{same.First()} is named for two results; name one for each.");
    }
}
