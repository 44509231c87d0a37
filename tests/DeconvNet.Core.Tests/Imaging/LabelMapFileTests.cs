using CsCheck;
using DeconvNet.Imaging;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Imaging;

public class LabelMapFileTests
{
    private static readonly Gen<LabelMap> AnyMap =
        Gen.Select(Gen.Int[1, 70], Gen.Int[1, 40]).SelectMany((width, height) =>
            Gen.Byte.Array[width * height].Select(labels => new LabelMap(width, height, labels)));

    [Fact]
    public void A_map_of_any_size_survives_saving_and_loading()
    {
        using var folder = new TemporaryFolder();
        AnyMap.Sample(
            map =>
            {
                map.SavePng(folder["mask.png"]);
                AssertSame(map, LabelMap.Load(folder["mask.png"]));
            },
            iter: 60,
            threads: 1);
        Assert.Equal([folder["mask.png"]], Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void Other_software_sees_a_saved_map_in_voc_colors()
    {
        using var folder = new TemporaryFolder();
        new LabelMap(256, 1, [.. Enumerable.Range(0, 256).Select(id => (byte)id)]).SavePng(folder["mask.png"]);

        Assert.Equal(VocPalette.Bytes.ToArray(), RgbImage.Load(folder["mask.png"]).Pixels.ToArray());
    }

    // From the class list that is published with the data set.
    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1, 128, 0, 0)]
    [InlineData(8, 64, 0, 0)]
    [InlineData(12, 64, 0, 128)]
    [InlineData(15, 192, 128, 128)]
    [InlineData(20, 0, 64, 128)]
    [InlineData(255, 224, 224, 192)]
    public void Voc_colors_follow_the_bit_rule(byte id, byte r, byte g, byte b) => Assert.Equal(new Rgb(r, g, b), VocPalette.Color(id));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(4, 0)]
    [InlineData(8, 0)]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    [InlineData(4, 3)]
    [InlineData(8, 3)]
    public void Gray_and_palette_masks_of_every_depth_are_read_by_index(byte bits, byte colorType)
    {
        const int Width = 11, Height = 3;
        var labels = Enumerable.Range(0, Width * Height).Select(i => (byte)((i * 37) & ((1 << bits) - 1))).ToArray();
        var stride = 1 + (((Width * bits) + 7) / 8);
        var raw = new byte[stride * Height];
        for (var i = 0; i < labels.Length; i++)
        {
            var bit = i % Width * bits;
            raw[(i / Width * stride) + 1 + (bit / 8)] |= (byte)(labels[i] << (8 - bits - (bit % 8)));
        }

        AssertSame(new LabelMap(Width, Height, labels), LabelMap.Decode(Samples.Png(Width, Height, bits, colorType, raw)));
    }

    [Theory]
    [InlineData(1, 1, 8)]
    [InlineData(3, 2, 8)]
    [InlineData(5, 9, 2)]
    [InlineData(8, 8, 4)]
    [InlineData(33, 21, 1)]
    [InlineData(33, 21, 8)]
    public void Interlaced_masks_are_read(int width, int height, byte bits)
    {
        var map = new byte[width * height];
        for (var i = 0; i < map.Length; i++)
            map[i] = (byte)((i * 37 / 5) & ((1 << bits) - 1));

        // The seven passes as the PNG specification lists them: first pixel and steps.
        var raw = new List<byte>();
        foreach (var (x0, y0, stepX, stepY) in new[] { (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2) })
        {
            for (var y = y0; y < height && x0 < width; y += stepY)
            {
                raw.Add(0);
                var (packed, used) = (0, 0);
                for (var x = x0; x < width; x += stepX)
                {
                    (packed, used) = ((packed << bits) | map[(y * width) + x], used + bits);
                    if (used == 8)
                    {
                        raw.Add((byte)packed);
                        (packed, used) = (0, 0);
                    }
                }

                if (used > 0)
                    raw.Add((byte)(packed << (8 - used)));
            }
        }

        Assert.Equal(map, LabelMap.Decode(Samples.Png((uint)width, (uint)height, bits, 0, [.. raw], interlace: 1)).Pixels.ToArray());
    }

    [Fact]
    public void Rows_of_any_filter_are_restored()
    {
        Gen.Select(AnyMap, Gen.Int[0, 4].Array[40]).Sample(
            (map, filters) =>
            {
                var raw = new byte[(map.Width + 1) * map.Height];
                for (var y = 0; y < map.Height; y++)
                {
                    raw[y * (map.Width + 1)] = (byte)filters[y];
                    for (var x = 0; x < map.Width; x++)
                        raw[(y * (map.Width + 1)) + 1 + x] = (byte)(map[x, y] - Predict(filters[y], At(map, x - 1, y), At(map, x, y - 1), At(map, x - 1, y - 1)));
                }

                AssertSame(map, LabelMap.Decode(Samples.Png((uint)map.Width, (uint)map.Height, 8, 0, raw)));
            },
            iter: 100);

        static int At(LabelMap map, int x, int y) => x < 0 || y < 0 ? 0 : map[x, y];

        // Paeth's predictor as the standard words it: of the three, the nearest to a + b − c, ties in this order.
        static int Predict(int filter, int a, int b, int c) => filter switch
        {
            0 => 0,
            1 => a,
            2 => b,
            3 => (a + b) / 2,
            _ => new[] { a, b, c }.MinBy(value => Math.Abs(a + b - c - value)),
        };
    }

    internal static void AssertSame(LabelMap expected, LabelMap actual)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        Assert.Equal(expected.Pixels.ToArray(), actual.Pixels.ToArray());
    }
}
