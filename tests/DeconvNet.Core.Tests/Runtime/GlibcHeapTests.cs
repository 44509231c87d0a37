using DeconvNet.Runtime;

namespace DeconvNet.Tests.Runtime;

public class GlibcHeapTests
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;

    [Fact]
    public void Large_blocks_are_kept_in_all_threads()
    {
        var calls = new List<(int, int)>();
        Assert.True(GlibcHeap.TrySet(Record(calls, (_, _) => 1)));
        Assert.Equal([(MmapThreshold, 1 << 30), (TrimThreshold, int.MaxValue), (TopPad, 64 << 20)], calls);
    }

    [Fact]
    public void A_glibc_that_refuses_a_gibibyte_gets_the_largest_that_it_takes()
    {
        var calls = new List<(int, int)>();
        Assert.True(GlibcHeap.TrySet(Record(calls, (parameter, value) => parameter == MmapThreshold && value > 32 << 20 ? 0 : 1)));
        Assert.Equal([(MmapThreshold, 1 << 30), (MmapThreshold, 32 << 20), (TrimThreshold, int.MaxValue), (TopPad, 64 << 20)], calls);
    }

    [Fact]
    public void Where_the_first_is_refused_the_others_are_not_set()
    {
        var calls = new List<(int, int)>();
        Assert.False(GlibcHeap.TrySet(Record(calls, (_, _) => 0)));
        Assert.All(calls, call => Assert.Equal(MmapThreshold, call.Item1));
    }

    [Fact]
    public void Another_C_library_changes_nothing()
    {
        Assert.False(GlibcHeap.TrySet((_, _) => throw new EntryPointNotFoundException()));
        Assert.False(GlibcHeap.TrySet((_, _) => throw new DllNotFoundException()));
    }

    [Theory]
    [InlineData("DECONVNET_MALLOPT", "off", true)]
    [InlineData("DECONVNET_MALLOPT", "", false)]
    [InlineData("MALLOC_MMAP_THRESHOLD_", "65536", true)]
    [InlineData("MALLOC_TRIM_THRESHOLD_", "65536", true)]
    [InlineData("GLIBC_TUNABLES", "glibc.malloc.trim_threshold=1", true)]
    [InlineData("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1", false)]
    public void What_the_user_has_set_stays(string variable, string value, bool isLeftAlone) =>
        Assert.Equal(isLeftAlone, GlibcHeap.IsLeftAlone(name => name == variable ? value : null));

    private static Func<int, int, int> Record(List<(int, int)> calls, Func<int, int, int> answer) => (parameter, value) =>
    {
        calls.Add((parameter, value));
        return answer(parameter, value);
    };
}
