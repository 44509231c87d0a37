using System.Diagnostics;
using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using Spectre.Console;

namespace SegmentImage;

/// <summary>
/// Many photos in a row. What an earlier run has finished is skipped, a photo that fails does not end it, and the number of each kind is told at the end.
/// </summary>
internal sealed class Batch(Func<ISegmenter> createSegmenter, ResultFiles folders) : IDisposable
{
    private readonly List<string> failures = [];
    private ISegmenter? segmenter;
    private int written;

    /// <summary>Whether finished photos are segmented again.</summary>
    public bool Overwrite { get; init; }

    /// <returns>The exit code: 0, or 1 where a photo failed.</returns>
    public async Task<int> RunAsync(IReadOnlyList<ListedPhoto> photos, IAnsiConsole progressConsole, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var open = photos.Where(photo => Overwrite || folders.Coco is not null || !folders.In(photo.Name).AreFinished(photo.Path)).ToArray();
        try
        {
            await progressConsole.Progress().AutoClear(true)
                .Columns(new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
                .StartAsync(context => SegmentAsync(open, context.AddTask($"{open.Length} photos", maxValue: Math.Max(1, open.Length)), cancellationToken));
        }
        finally
        {
            foreach (var failure in failures)
                Console.Error.WriteLine($"Error: {failure}");
            PrintSummary(photos.Count - open.Length, open.Length - written - failures.Count, Stopwatch.GetElapsedTime(start));
        }

        return failures.Count == 0 ? 0 : 1;
    }

    public void Dispose() => segmenter?.Dispose();

    private async Task SegmentAsync(ListedPhoto[] photos, ProgressTask task, CancellationToken cancellationToken)
    {
        if (photos.Length == 0)
            return;

        // Not before it is needed: where everything is finished, nothing is loaded.
        segmenter = createSegmenter();
        await using var coco = folders.Coco is null ? null : new CocoOutput(folders.Coco);
        await foreach (var (photo, _, result, error) in segmenter.SegmentManyAsync(photos, photo => RgbImage.Load(photo.Path), cancellationToken: cancellationToken))
        {
            task.Description = photo.Path.EscapeMarkup();
            if (result is null)
                failures.Add(Line(photo, error!));
            else if (Write(photo, result) && coco is not null)
                await coco.AddAsync(photo.FileName, result);
            task.Increment(1);
        }

        if (coco is not null)
            await coco.CompleteAsync();
    }

    private bool Write(ListedPhoto photo, SegmentationResult result)
    {
        try
        {
            folders.In(photo.Name).Write(result);
            written++;
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            failures.Add(Line(photo, error));
            return false;
        }
    }

    /// <summary>Most messages name the file themselves.</summary>
    private static string Line(ListedPhoto photo, Exception error)
    {
        var message = error.Message.ReplaceLineEndings("\n").Split('\n')[0];
        return message.Contains(photo.Path, StringComparison.Ordinal) ? message : $"{photo.Path}: {message}";
    }

    private void PrintSummary(int skipped, int left, TimeSpan time)
    {
        Console.WriteLine(FormattableString.Invariant($"{written} segmented, {skipped} finished before, {failures.Count} failed") + (left > 0 ? $", {left} left" : ""));
        if (written > 0)
            Console.WriteLine(FormattableString.Invariant($"{time.TotalSeconds:0.0} s, {time.TotalSeconds / written:0.00} s a photo"));
    }
}
