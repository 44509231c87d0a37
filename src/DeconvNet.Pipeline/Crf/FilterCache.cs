namespace DeconvNet.Crf;

/// <summary>The Gaussian kernel's filters of the image sizes met last: they depend on nothing else.</summary>
internal sealed class FilterCache
{
    private const int Sizes = 4;

    private readonly Lock gate = new();
    private readonly List<(int Width, int Height, LatticeFilter Filter)> filters = [];

    public LatticeFilter Get(int width, int height, Func<LatticeFilter> create)
    {
        lock (gate)
        {
            var at = filters.FindIndex(known => known.Width == width && known.Height == height);
            var filter = at >= 0 ? filters[at].Filter : create();
            if (at >= 0)
                filters.RemoveAt(at);
            else if (filters.Count == Sizes)
                filters.RemoveAt(0);
            filters.Add((width, height, filter));
            return filter;
        }
    }
}
