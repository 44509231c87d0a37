using System.Globalization;
using DeconvNet.Imaging;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Imaging;

/// <summary>The authors' data layers: crop with padding, resize, crop again, mirror, compared with the output of their Caffe.</summary>
public class DataLayerTests
{
    [Theory]
    [InlineData("A_window_test", 224, 224)]
    [InlineData("B_window_train", 250, 224)]
    [InlineData("C_image_train", 250, 224)]
    [InlineData("D_window_test64", 64, 56)]
    public void Crops_equal_those_of_the_authors_data_layer_bit_for_bit(string run, int size, int side)
    {
        var pixels = Npy.Read<byte>(Find($"{run}_data_u8.npy")).Values;
        var labels = Npy.Read<byte>(Find($"{run}_label_u8.npy")).Values;
        var list = File.ReadAllLines(Find(run.StartsWith('C') ? "images.txt" : "windows.txt"));
        var items = File.ReadAllLines(Find($"{run}_items.csv"))[1..];
        Assert.NotEmpty(items);
        for (var i = 0; i < items.Length; i++)
        {
            var item = items[i].Split(',').Take(6).Select(field => int.Parse(field, CultureInfo.InvariantCulture)).ToArray();
            var line = list[item[2]].Split(' ');
            var (image, mask) = (RgbImage.Load(Find(line[0][1..])), LabelMap.Load(Find(line[1][1..])));
            var box = image.Bounds;
            if (line.Length == 6)
            {
                var ends = line[2..].Select(field => int.Parse(field, CultureInfo.InvariantCulture)).ToArray();
                box = new PixelBox(ends[0], ends[1], ends[2] + 1, ends[3] + 1);
            }

            var part = new PixelBox(item[5], item[4], item[5] + side, item[4] + side);
            var crop = image.Crop(box).ResizeBilinear(size, size).Crop(part);
            var labelCrop = mask.Crop(box).ResizeNearest(size, size).Crop(part);
            if (item[3] == 1)
                (crop, labelCrop) = (crop.FlipHorizontal(), labelCrop.FlipHorizontal());

            var count = side * side;
            Assert.Equal(pixels.AsSpan(3 * i * count, 3 * count).ToArray(), PlanesBgr(crop));
            Assert.Equal(labels.AsSpan(i * count, count).ToArray(), labelCrop.Pixels.ToArray());
        }
    }

    [Fact]
    public void Preprocessing_gives_the_floats_of_the_authors_data_layer_bit_for_bit()
    {
        var expected = Npy.Read<float>(Find("D_window_test64_data_float_item0.npy")).Values;
        var planes = Npy.Read<byte>(Find("D_window_test64_data_u8.npy")).Values.AsSpan(0, expected.Length);
        var count = expected.Length / 3;
        var pixels = new byte[expected.Length];
        for (var i = 0; i < pixels.Length; i++)
            pixels[(3 * (i % count)) + 2 - (i / count)] = planes[i];

        var actual = new float[expected.Length];
        new Preprocessing { Order = ChannelOrder.Bgr, Scale = ChannelValues.All(1), Mean = new(104.008f, 116.669f, 122.675f) }.Apply(pixels, actual);

        Assert.Equal(expected, actual);
    }

    private static byte[] PlanesBgr(RgbImage image)
    {
        var planes = new float[image.Pixels.Length];
        new Preprocessing { Order = ChannelOrder.Bgr }.Apply(image.Pixels, planes);
        return Array.ConvertAll(planes, value => (byte)value);
    }

    private static string Find(string name)
    {
        var own = Path.Combine(AppContext.BaseDirectory, "Reference", "datalayer", name);
        return File.Exists(own) ? own : SharedData.Path("reference", "caffe", "datalayer", name);
    }
}
