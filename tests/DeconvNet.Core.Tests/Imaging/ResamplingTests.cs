using CsCheck;
using DeconvNet.Imaging;
using DeconvNet.Imaging.Resampling;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Imaging;

public class ResamplingTests
{
    private static readonly Gen<int> Side = Gen.Int[1, 40];

    [Fact]
    public void Planes_follow_the_published_rule_of_imresize()
    {
        // [1 2 3 4] to half: weights 1/8, 3/8, 3/8, 1/8 over the mirrored signal.
        var half = new float[2];
        Planes.ResizeBilinear([1, 2, 3, 4], 1, 1, 4, half, 1, 2, antialias: true);
        Assert.Equal([1.625f, 3.375f], half);

        // Without antialiasing only the two neighbors count.
        Planes.ResizeBilinear([1, 2, 3, 4], 1, 1, 4, half, 1, 2, antialias: false);
        Assert.Equal([1.5f, 3.5f], half);

        var doubled = new float[4];
        Planes.ResizeBilinear([1, 3], 1, 2, 1, doubled, 4, 1, antialias: true);
        Assert.Equal([1f, 1.5f, 2.5f, 3f], doubled);
    }

    [Fact]
    public void Planes_agree_with_the_rule_computed_literally() =>
        Gen.Select(Side, Side, Side, Side, Gen.Bool, Gen.Int[1, 3]).Sample(
            (sh, sw, dh, dw, antialias, channels) =>
            {
                var source = new float[channels * sh * sw];
                for (var i = 0; i < source.Length; i++)
                    source[i] = MathF.Sin(i * 1.7f) * 10;

                var actual = new float[channels * dh * dw];
                Planes.ResizeBilinear(source, channels, sh, sw, actual, dh, dw, antialias);

                var (rows, columns) = (Literal(sh, dh, antialias), Literal(sw, dw, antialias));
                for (var i = 0; i < actual.Length; i++)
                {
                    var (plane, y, x) = (i / (dh * dw), i / dw % dh, i % dw);
                    var expected = 0.0;
                    for (var sy = 0; sy < sh; sy++)
                    {
                        for (var sx = 0; sx < sw; sx++)
                            expected += rows[y, sy] * columns[x, sx] * source[(((plane * sh) + sy) * sw) + sx];
                    }

                    Assert.Equal(expected, actual[i], 2e-5);
                }
            },
            iter: 150);

    [Fact]
    public void An_antialiased_photo_is_the_rounded_result_of_its_planes() =>
        Gen.Select(Side, Side, Side, Side).Sample(
            (sh, sw, dh, dw) =>
            {
                var image = Samples.Gradient(sw, sh);
                var planes = new float[3 * sh * sw];
                new Preprocessing { Order = ChannelOrder.Rgb }.Apply(image.Pixels, planes);
                var expected = new float[3 * dh * dw];
                Planes.ResizeBilinear(planes, 3, sh, sw, expected, dh, dw, antialias: true);

                var actual = image.ResizeAntialiased(dw, dh);

                for (var i = 0; i < expected.Length; i++)
                    Assert.Equal(expected[i], actual.Pixels[(3 * (i % (dh * dw))) + (i / (dh * dw))], 0.5001f);
            },
            iter: 100);

    [Fact]
    public void Constant_planes_and_photos_stay_constant() =>
        Gen.Select(Side, Side, Side, Side).Sample(
            (sh, sw, dh, dw) =>
            {
                var target = new float[dh * dw];
                Planes.ResizeBilinear(Enumerable.Repeat(3f, sh * sw).ToArray(), 1, sh, sw, target, dh, dw, antialias: true);
                Assert.Equal(-1, Array.FindIndex(target, value => !(Math.Abs(value - 3f) <= 1e-5f)));

                var image = new RgbImage(sw, sh, Enumerable.Repeat((byte)255, 3 * sw * sh).ToArray());
                Assert.Equal(-1, image.ResizeAntialiased(dw, dh).Pixels.IndexOfAnyExcept((byte)255));
                Assert.Equal(-1, image.ResizeBilinear(dw, dh).Pixels.IndexOfAnyExcept((byte)255));
            },
            iter: 100);

    [Fact]
    public void Fixed_point_bilinear_stays_within_a_gray_level_of_exact_interpolation() =>
        Gen.Select(Side, Side, Side, Side).Sample(
            (sh, sw, dh, dw) =>
            {
                var image = Samples.Gradient(sw, sh);
                var planes = new float[3 * sh * sw];
                new Preprocessing { Order = ChannelOrder.Rgb }.Apply(image.Pixels, planes);
                var expected = new float[3 * dh * dw];
                Planes.ResizeBilinear(planes, 3, sh, sw, expected, dh, dw, antialias: false);

                var actual = image.ResizeBilinear(dw, dh);

                for (var i = 0; i < expected.Length; i++)
                    Assert.Equal(expected[i], actual.Pixels[(3 * (i % (dh * dw))) + (i / (dh * dw))], 1.1f);
            },
            iter: 100);

    [Fact]
    public void Exactly_half_the_size_is_the_mean_of_two_by_two()
    {
        byte[] rows = [1, 10, 100, 2, 20, 200, 3, 30, 40, 4, 40, 41];
        Assert.Equal([3, 25, 95], new RgbImage(2, 2, rows).ResizeBilinear(1, 1).Pixels.ToArray());
    }

    [Fact]
    public void The_same_size_is_a_copy()
    {
        var image = Samples.Gradient(13, 7);
        Assert.Equal(image.Pixels.ToArray(), image.ResizeBilinear(13, 7).Pixels.ToArray());
        Assert.Equal(image.Pixels.ToArray(), image.ResizeAntialiased(13, 7).Pixels.ToArray());
    }

    [Fact]
    public void Nearest_invents_no_label()
    {
        var map = new LabelMap(3, 1, [0, 20, 255]);
        Assert.Equal([0, 0, 0, 20, 20, 255, 255], map.ResizeNearest(7, 1).Pixels.ToArray());
        Assert.Equal([0, 20], map.ResizeNearest(2, 1).Pixels.ToArray());
    }

    [Fact]
    public void Planes_of_wrong_lengths_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Planes.ResizeBilinear(new float[3], 1, 2, 2, new float[1], 1, 1, antialias: true));
        Assert.Throws<ArgumentException>(() => Planes.ResizeBilinear(new float[4], 1, 2, 2, new float[2], 1, 1, antialias: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => Planes.ResizeBilinear([], 0, 2, 2, [], 1, 1, antialias: true));
    }

    /// <summary>Weights [output, input] written down from the published description, counting from 1 as it does.</summary>
    private static double[,] Literal(int source, int target, bool antialias)
    {
        var s = (double)target / source;
        var width = antialias && s < 1 ? s : 1;
        var support = 2 / width;
        var weights = new double[target, source];
        for (var i = 1; i <= target; i++)
        {
            var u = (i / s) + (0.5 * (1 - (1 / s)));
            var left = (int)Math.Floor(u - (support / 2));
            var sum = 0.0;
            for (var j = left; j < left + (int)Math.Ceiling(support) + 2; j++)
                sum += Kernel(u - j);

            for (var j = left; j < left + (int)Math.Ceiling(support) + 2; j++)
            {
                var inside = j;
                while (inside < 1 || inside > source)
                    inside = inside < 1 ? 1 - inside : (2 * source) + 1 - inside;

                weights[i - 1, inside - 1] += Kernel(u - j) / sum;
            }
        }

        return weights;

        double Kernel(double d) => width * Math.Max(0, 1 - Math.Abs(width * d));
    }

    [Fact]
    public void An_impossible_size_is_refused_by_its_argument()
    {
        var (image, map) = (Samples.Gradient(4, 4), new LabelMap(2, 2, new byte[4]));
        foreach (var resize in new Action<int, int>[] { (w, h) => image.ResizeBilinear(w, h), (w, h) => image.ResizeAntialiased(w, h), (w, h) => map.ResizeNearest(w, h) })
        {
            Assert.Throws<ArgumentOutOfRangeException>("width", () => resize(0, 5));
            Assert.Throws<ArgumentOutOfRangeException>("height", () => resize(5, -1));
            Assert.Throws<ArgumentOutOfRangeException>("width", () => resize(100_000, 100_000));
        }
    }

    [Fact]
    public void A_window_of_a_resized_plane_equals_the_part_of_the_whole_bit_for_bit() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 60], Gen.Int[1, 60]).Select(Gen.Bool, Gen.Int[0, 1000]).Sample(
            (sizes, antialias, seed) =>
            {
                var ((sh, sw, dh, dw), random) = (sizes, new Random(seed));
                var source = Enumerable.Range(0, 2 * sh * sw).Select(_ => random.NextSingle()).ToArray();
                var whole = new float[2 * dh * dw];
                Planes.ResizeBilinear(source, 2, sh, sw, whole, dh, dw, antialias);
                var (x, y) = (random.Next(dw), random.Next(dh));
                var window = new PlaneWindow(x, y, random.Next(1, dw - x + 1), random.Next(1, dh - y + 1));
                var part = new float[2 * window.Area];
                Planes.ResizeBilinear(source, 2, sh, sw, part, dh, dw, window, antialias);

                for (var i = 0; i < part.Length; i++)
                {
                    var (c, row, column) = (i / window.Area, i % window.Area / window.Width, i % window.Width);
                    Assert.Equal(whole[(((c * dh) + y + row) * dw) + x + column], part[i]);
                }
            },
            iter: 300);

    [Fact]
    public void A_crop_is_cut_as_if_it_had_been_padded_with_black_first_bit_for_bit() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int[1, 30], Gen.Int[1, 90], Gen.Int[1, 24]).Select(Gen.Bool, Gen.Int[0, 1000]).Sample(
            (sizes, antialias, seed) =>
            {
                var ((width, height, length, side), random) = (sizes, new Random(seed));
                var image = Samples.Gradient(width, height);
                var (x, y) = (random.Next(-length, width), random.Next(-length, height));
                var crop = new PixelBox(x, y, x + length, y + length);
                var padded = new float[3 * length * length];
                Preprocessing.Caffe.Apply(image.Crop(crop).Pixels, padded);
                var expected = new float[3 * side * side];
                Planes.ResizeBilinear(padded, 3, length, length, expected, side, side, antialias);

                var actual = new float[3 * side * side];
                CropCutting.Cut(image, crop, Preprocessing.Caffe, side, actual, antialias);
                using var photo = new PhotoPlanes(image, image.Bounds, Preprocessing.Caffe);
                var actualOfMany = new float[actual.Length];
                CropCutting.Cut(photo, crop, side, actualOfMany, antialias);

                Assert.Equal(expected, actual);
                Assert.Equal(expected, actualOfMany);
            },
            iter: 500);

    [Fact]
    public void A_crop_that_leaves_the_photo_far_costs_only_its_visible_part()
    {
        var image = Samples.Gradient(300, 200);
        var planes = new float[3 * 64 * 64];
        var crop = new PixelBox(-6000, -5000, 6000, 7000);
        BadFiles.AssertAllocatesAtMost(4 << 20, () => CropCutting.Cut(image, crop, Preprocessing.Caffe, 64, planes, antialias: true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cutting_a_crop_allocates_nothing_large_once_warm(bool antialias)
    {
        var image = Samples.Gradient(500, 375);
        var planes = new float[3 * 64 * 64];
        var crop = new PixelBox(-40, -30, 460, 470);
        CropCutting.Cut(image, crop, Preprocessing.Caffe, 64, planes, antialias);
        BadFiles.AssertAllocatesAtMost(48 << 10, () => CropCutting.Cut(image, crop, Preprocessing.Caffe, 64, planes, antialias));
    }
}
