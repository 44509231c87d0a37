using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using DeconvNet.Imaging;
using DeconvNet.Segmentation;

namespace SegmentWeb;

/// <summary>A segmented photo.</summary>
internal sealed record StoredResult(string Id, SegmentationResult Result)
{
    public RgbImage Photo => Result.Photo;

    /// <summary>The memory it holds: pixels, labels, scores and, once requested, probabilities.</summary>
    public long Bytes => Photo.Pixels.Length + Result.Labels.Pixels.Length + (2 * sizeof(float) * (long)(Result.Scores?.Values.Length ?? 0));
}

/// <summary>The latest results, for downloads. The oldest are dropped for new ones and after some time, so that memory is bounded regardless of the number of visitors.</summary>
internal sealed class ResultStore(long maxBytes, TimeSpan lifetime, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly LinkedList<(StoredResult Entry, long At)> entries = [];

    /// <summary>The memory that all results hold.</summary>
    public long Bytes { get; private set; }

    /// <summary>Keeps a result, even if it alone exceeds the limit: its visitor is waiting for it.</summary>
    public StoredResult Add(SegmentationResult result)
    {
        // Ids must not be guessable, since photos are private.
        var entry = new StoredResult(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), result);
        lock (gate)
        {
            entries.AddLast((entry, clock.GetTimestamp()));
            Bytes += entry.Bytes;
            while (entries.Count > 1 && Bytes > maxBytes)
                RemoveOldest();
            RemoveExpired();
        }

        return entry;
    }

    public bool TryGet(string id, [NotNullWhen(true)] out StoredResult? entry)
    {
        lock (gate)
        {
            RemoveExpired();
            entry = entries.FirstOrDefault(kept => kept.Entry.Id == id).Entry;
            return entry is not null;
        }
    }

    private void RemoveExpired()
    {
        while (entries.First is { } oldest && clock.GetElapsedTime(oldest.Value.At) > lifetime)
            RemoveOldest();
    }

    private void RemoveOldest()
    {
        Bytes -= entries.First!.Value.Entry.Bytes;
        entries.RemoveFirst();
    }
}
