using System.Collections.Concurrent;
using DeconvNet.Segmentation;

namespace SegmentImage;

/// <summary>Writes a COCO file while a batch runs: each result is written when it comes, and none is kept. If the batch does not finish, an older file is left unchanged.</summary>
internal sealed class CocoOutput(string path) : IAsyncDisposable
{
    private readonly BlockingCollection<KeyValuePair<string, SegmentationResult>> waiting = new(boundedCapacity: 1);
    private readonly CancellationTokenSource ended = new();
    private Task? writing;

    /// <summary>Hands over the result of a photo; waits while the one before is being written.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public async Task AddAsync(string photo, SegmentationResult result)
    {
        // Not before there is a result: a batch whose photos all fail writes no file.
        writing ??= Task.Run(Write);
        try
        {
            waiting.Add(new(photo, result), ended.Token);
        }
        catch (OperationCanceledException)
        {
            await writing;
            throw;
        }
    }

    /// <summary>Writes the rest, and puts the file in its place.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public Task CompleteAsync()
    {
        waiting.CompleteAdding();
        return writing ?? Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        if (writing is not null)
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ended.Dispose();
        waiting.Dispose();
    }

    private void Write()
    {
        try
        {
            CocoFile.Save(path, waiting.GetConsumingEnumerable(ended.Token));
        }
        catch
        {
            // Whoever waits to hand over a result learns of the fault from this task.
            ended.Cancel();
            throw;
        }
    }
}
