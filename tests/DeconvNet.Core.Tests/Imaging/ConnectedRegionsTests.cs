using CsCheck;
using DeconvNet.Imaging;

namespace DeconvNet.Tests.Imaging;

/// <summary>Connected regions against a plain relaxation of labels.</summary>
public class ConnectedRegionsTests
{
    [Fact]
    public void Corners_connect_and_background_and_void_form_no_region()
    {
        byte[] labels =
        [
            1, 0, 2, 2,
            0, 1, 0, 255,
            3, 0, 1, 2,
        ];

        var regions = new ConnectedRegions(labels, 4);

        Assert.Equal(4, regions.Count);
        Assert.Equal([0, 5, 10], regions[0].ToArray());
        Assert.Equal([2, 3], regions[1].ToArray());
        Assert.Equal([8], regions[2].ToArray());
        Assert.Equal([11], regions[3].ToArray());
    }

    [Fact]
    public void Every_labeled_pixel_is_in_the_region_of_its_neighbors_of_the_same_class() =>
        Gen.Select(Gen.OneOf(Gen.Const((byte)0), Gen.Const((byte)1), Gen.Const((byte)2), Gen.Const(LabelMap.Void)).Array[63], Gen.OneOf(Gen.Const(7), Gen.Const(9), Gen.Const(1), Gen.Const(63))).Sample((labels, width) =>
        {
            var regions = new ConnectedRegions(labels, width);
            var of = Enumerable.Repeat(-1, labels.Length).ToArray();
            for (var r = 0; r < regions.Count; r++)
            {
                foreach (var pixel in regions[r])
                {
                    Assert.Equal(-1, of[pixel]);
                    of[pixel] = r;
                }
            }

            Assert.Equal(Relaxed(labels, width), of);
        });

    /// <summary>Region numbers by the order of first pixels, by taking the lowest neighbor until nothing changes.</summary>
    private static int[] Relaxed(byte[] labels, int width)
    {
        var first = Enumerable.Range(0, labels.Length).ToArray();
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = 0; i < labels.Length; i++)
            {
                for (var j = 0; j < labels.Length; j++)
                {
                    if (labels[i] == labels[j] && Math.Abs((i % width) - (j % width)) <= 1 && Math.Abs((i / width) - (j / width)) <= 1 && first[j] < first[i])
                        (first[i], changed) = (first[j], true);
                }
            }
        }

        var order = first.Where((f, i) => f == i && labels[i] is not (0 or LabelMap.Void)).ToList();
        return [.. first.Select((f, i) => labels[i] is 0 or LabelMap.Void ? -1 : order.IndexOf(f))];
    }
}
