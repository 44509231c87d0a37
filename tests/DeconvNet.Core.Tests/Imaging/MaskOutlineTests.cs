using CsCheck;
using DeconvNet.Imaging;
using DeconvNet.Imaging.Masks;

namespace DeconvNet.Tests.Imaging;

public sealed class MaskOutlineTests
{
    internal static Gen<BinaryMask> Masks { get; } =
        from width in Gen.Int[1, 12]
        from height in Gen.Int[1, 10]
        from pixels in Gen.Frequency((2, Gen.Const(true)), (1, Gen.Const(false))).Array[width * height]
        select new BinaryMask(width, height, pixels);

    [Fact]
    public void A_ring_has_a_hole()
    {
        var outline = Assert.Single(Mask("###", "#.#", "###").Outlines());
        Assert.Equal([new(0, 0), new(3, 0), new(3, 3), new(0, 3)], outline.Outer);
        Assert.Equal([new(1, 1), new(1, 2), new(2, 2), new(2, 1)], Assert.Single(outline.Holes));
        Assert.Equal(8, outline.Area);
    }

    [Fact]
    public void Pixels_that_touch_at_a_corner_have_one_outline_and_holes_that_do_have_two()
    {
        var outline = Assert.Single(Mask("#.", ".#").Outlines());
        Assert.Equal([new(0, 0), new(1, 0), new(1, 1), new(2, 1), new(2, 2), new(1, 2), new(1, 1), new(0, 1)], outline.Outer);
        Assert.Empty(outline.Holes);

        Assert.Equal(2, Assert.Single(Mask("####", "#.##", "##.#", "####").Outlines()).Holes.Count);
    }

    [Fact]
    public void Outlines_hold_exactly_the_pixels_of_the_mask() =>
        Masks.Sample(mask =>
        {
            var outlines = mask.Outlines();
            Assert.Equal(mask.Area, outlines.Sum(outline => outline.Area));
            Assert.All(outlines, outline => Assert.True(MaskOutline.SignedArea(outline.Outer) > 0 && outline.Holes.All(hole => MaskOutline.SignedArea(hole) < 0)));
            for (var y = 0; y < mask.Height; y++)
            {
                for (var x = 0; x < mask.Width; x++)
                    Assert.Equal(mask[x, y], outlines.Any(outline => Winding(outline.Outer, x, y) + outline.Holes.Sum(hole => Winding(hole, x, y)) != 0));
            }
        });

    [Fact]
    public void Every_corner_left_out_is_near_what_stays() =>
        Gen.Select(Masks, Gen.Double[0.1, 4]).Sample((mask, tolerance) =>
        {
            foreach (var (exact, simple) in mask.Outlines().Zip(mask.Outlines(tolerance)))
            {
                Assert.Equal(exact.Holes.Count, simple.Holes.Count);
                Near(exact.Outer, simple.Outer);
                foreach (var (hole, other) in exact.Holes.Zip(simple.Holes))
                    Near(hole, other);
            }

            void Near(IReadOnlyList<GridPoint> exact, IReadOnlyList<GridPoint> simple)
            {
                Assert.InRange(simple.Count, 3, exact.Count);
                Assert.All(exact, corner => Assert.True(Enumerable.Range(0, simple.Count).Min(i => Distance(corner, simple[i], simple[(i + 1) % simple.Count])) <= tolerance + 1e-9));
            }
        });

    [Fact]
    public void A_long_staircase_becomes_a_line()
    {
        var mask = new BinaryMask(60, 60, [.. Enumerable.Range(0, 3600).Select(i => i % 60 <= i / 60)]);
        Assert.Equal(3, Assert.Single(mask.Outlines(tolerance: 1)).Outer.Count);
        Assert.True(Assert.Single(mask.Outlines()).Outer.Count > 100);
    }

    [Fact]
    public void A_mask_knows_its_box_and_area_and_comes_back_from_its_png()
    {
        var mask = Mask("....", ".##.", "...#");
        Assert.Equal((new PixelBox(1, 1, 4, 3), 3), (mask.Box, mask.Area));
        Assert.Equal((default, 0), (Mask("..").Box, Mask("..").Area));
        Assert.Equal([0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 255], mask.ToBytes());
        Assert.Equal([0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1], LabelMap.Decode(mask.EncodePng()).Pixels.ToArray());
        Assert.Equal(255, RgbImage.Decode(mask.EncodePng()).Pixels[3 * 5]);
        Assert.Empty(Mask("..").Outlines());
    }

    [Fact]
    public void Sizes_and_tolerances_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>("pixels", () => new BinaryMask(2, 2, new bool[3]));
        Assert.Throws<ArgumentOutOfRangeException>("width", () => new BinaryMask(0, 2, []));
        Assert.Throws<ArgumentOutOfRangeException>("tolerance", () => Mask("#").Outlines(-1));
        Assert.Throws<ArgumentOutOfRangeException>("tolerance", () => Mask("#").Outlines(double.NaN));
        Assert.Throws<ArgumentException>("values", () => new ProbabilityMap(2, 2, new float[5]));
        Assert.Throws<ArgumentException>("pixels", () => new RgbaImage(2, 2, new byte[5]));
    }

    [Fact]
    public void Probabilities_are_gray_levels_and_have_a_threshold()
    {
        var map = new ProbabilityMap(2, 2, [0, 0.2f, 0.5f, 1]);
        Assert.Equal([false, false, true, true], map.AtLeast(0.5).Pixels.ToArray());
        Assert.Equal([0, 51, 128, 255], RgbImage.Decode(map.EncodePng()).Pixels.ToArray().Where((_, i) => i % 3 == 0));
        Assert.Equal(0.5f, map[0, 1]);
    }

    private static BinaryMask Mask(params string[] rows) => new(rows[0].Length, rows.Length, [.. string.Concat(rows).Select(letter => letter == '#')]);

    /// <summary>Winding number of a ring around the center of a pixel.</summary>
    private static int Winding(IReadOnlyList<GridPoint> ring, int x, int y)
    {
        var turns = 0;
        for (var i = 0; i < ring.Count; i++)
        {
            var (from, to) = (ring[i], ring[(i + 1) % ring.Count]);
            if (from.X == to.X && from.X > x && Math.Min(from.Y, to.Y) <= y && y < Math.Max(from.Y, to.Y))
                turns += to.Y > from.Y ? 1 : -1;
        }

        return turns;
    }

    private static double Distance(GridPoint point, GridPoint from, GridPoint to)
    {
        var (dx, dy) = ((double)to.X - from.X, (double)to.Y - from.Y);
        var along = dx == 0 && dy == 0 ? 0 : Math.Clamp((((point.X - from.X) * dx) + ((point.Y - from.Y) * dy)) / ((dx * dx) + (dy * dy)), 0, 1);
        return Math.Sqrt(Math.Pow(point.X - from.X - (along * dx), 2) + Math.Pow(point.Y - from.Y - (along * dy), 2));
    }
}
