namespace Samples;

/// <summary>Reports on the calling thread, in order. <see cref="Progress{T}"/> would use the thread pool, where reports overtake each other.</summary>
internal sealed class DirectProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
