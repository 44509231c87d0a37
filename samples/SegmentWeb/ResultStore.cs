using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using DeconvNet.Imaging;
using DeconvNet.Segmentation;

namespace SegmentWeb;

/// <summary>A photo with what was found in it.</summary>
internal sealed record StoredResult(string Id, SegmentationResult Result)
{
    public RgbImage Photo => Result.Photo;

    /// <summary>The memory that it holds: pixels, labels, scores and, once they are asked for, probabilities.</summary>
    public long Bytes => Photo.Pixels.Length + Result.Labels.Pixels.Length + (2 * sizeof(float) * (long)(Result.Scores?.Values.Length ?? 0));
}

/// <summary>The latest results, for downloads. The oldest give way to new ones and to time, so that memory is bounded however many visitors come.</summary>
internal sealed class ResultStore(long maxBytes, TimeSpan lifetime, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly LinkedList<(StoredResult Entry, long At)> entries = [];

    /// <summary>The memory that all results hold.</summary>
    public long Bytes { get; private set; }

    /// <summary>Keeps a result, even where it is larger than all that may be kept: its visitor waits for it.</summary>
    public StoredResult Add(SegmentationResult result)
    {
        // Nobody may guess the photos of others.
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
