using DeconvNet.Imaging;

namespace DeconvNet.Crf;

/// <summary>The Gaussian kernel's filters for the most recent image sizes, which are all that they depend on.</summary>
internal sealed class FilterCache
{
    private const int MaxSizes = 4;

    private readonly Lock gate = new();

    // Least recently used first.
    private readonly List<(ImageSize Size, Lazy<LatticeFilter> Filter)> filters = [];

    /// <summary>The filter for a size, created outside the lock so that calls for other sizes do not wait; calls for the same size share it.</summary>
    public LatticeFilter Get(ImageSize size, Func<LatticeFilter> create)
    {
        var filter = Find(size, create);
        try
        {
            return filter.Value;
        }
        catch
        {
            lock (gate)
                filters.RemoveAll(known => known.Filter == filter);
            throw;
        }
    }

    private Lazy<LatticeFilter> Find(ImageSize size, Func<LatticeFilter> create)
    {
        lock (gate)
        {
            var at = filters.FindIndex(known => known.Size == size);
            var filter = at >= 0 ? filters[at].Filter : new Lazy<LatticeFilter>(create);
            if (at >= 0)
                filters.RemoveAt(at);
            else if (filters.Count == MaxSizes)
                filters.RemoveAt(0);
            filters.Add((size, filter));
            return filter;
        }
    }
}
