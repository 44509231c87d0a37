using System.Runtime.InteropServices;
using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using DeconvNet.Weights;
using TorchSharp;

namespace DeconvNet.Tests.Weights;

/// <summary>The authors' caffemodel, loaded and run, compared with the output of their Caffe.</summary>
[Collection(TorchTests.Name)]
public sealed class SlimReferenceTests : IClassFixture<SlimReferenceTests.SlimRun>
{
    private const double Tolerance = 1e-4;
    private readonly SlimRun run;

    public SlimReferenceTests(SlimRun run) => this.run = run;

    [Fact]
    public void Options_are_told_by_the_shapes_of_the_caffemodel()
    {
        Assert.Equal(DeconvNetOptions.Paper with { Width = 4, FcChannels = 64 }, run.Options);
        Assert.Equal(322_049, run.ParameterCount);
        Assert.Equal("DeconvNet_slim", run.Info.Name);
    }

    [Theory]
    [InlineData("pool1", 12813)]
    [InlineData("pool2", 3903)]
    [InlineData("pool3", 1206)]
    [InlineData("pool4", 778)]
    [InlineData("pool5", 131)]
    public void Switches_equal_those_of_the_authors_Caffe(string layer, int windowsOfZeros)
    {
        var expected = Npy.Read<ushort>(Find($"{layer}_mask.npy.gz"));
        var actual = run.Switches[$"{layer}_mask"];
        Assert.Equal(expected.Values.Length, actual.Length);
        Assert.Equal(expected.Values.Select(value => (long)value), actual);
        Assert.Equal(windowsOfZeros, run.Outputs[layer].Count(value => value == 0));
    }

    [Theory]
    [InlineData("pool5")]
    [InlineData("fc7")]
    [InlineData("unpool5")]
    [InlineData("unpool3")]
    public void Activations_equal_those_of_the_authors_Caffe(string layer)
    {
        var file = layer == "unpool3" ? $"{layer}.npy.gz" : $"{layer}.npy";
        AssertClose(Npy.Read<float>(Find(file)).Values, run.Outputs[layer]);
    }

    [Theory]
    [InlineData("deconv1_2", "deconv1_2")]
    [InlineData("seg-score-voc", "seg-score")]
    public void Full_size_maps_equal_those_of_the_authors_Caffe_at_every_fourth_pixel(string layer, string blob) =>
        AssertClose(Npy.Read<float>(Find($"{blob}_every4.npy.gz")).Values, EveryFourth(run.Outputs[layer], 224));

    [Theory]
    [InlineData("deconv1_2", "deconv1_2")]
    [InlineData("seg-score-voc", "seg-score")]
    public void Full_size_maps_equal_those_of_the_authors_Caffe(string layer, string blob) =>
        AssertClose(Npy.Read<float>(SharedData.Path("reference", "caffe", "slim", $"{blob}.npy")).Values, run.Outputs[layer]);

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var difference = expected.Zip(actual, (one, other) => (double)one - other).Sum(value => value * value);
        var relative = Math.Sqrt(difference / expected.Sum(value => (double)value * value));
        TestContext.Current.TestOutputHelper?.WriteLine($"relative L2 {relative:E2}");
        Assert.InRange(relative, 0, Tolerance);
    }

    private static float[] EveryFourth(float[] planes, int side) =>
        [.. planes.Where((_, i) => i % side % 4 == 0 && i / side % side % 4 == 0)];

    private static string Find(string name) => Path.Combine(AppContext.BaseDirectory, "Reference", "slim", name);

    /// <summary>One forward pass for all tests.</summary>
    public sealed class SlimRun
    {
        public SlimRun()
        {
            using var scope = torch.NewDisposeScope();
            using var noGradient = torch.no_grad();
            using var model = DeconvNetModel.Load(Find("slim.caffemodel"));
            Options = model.Options;
            Info = model.Info;
            ParameterCount = model.parameters().Sum(parameter => parameter.numel());

            var photo = RgbImage.Load(Find("input.png"));
            var planes = new float[photo.Pixels.Length];
            model.Preprocessing.Apply(photo.Pixels, planes);
            var input = torch.tensor(planes, [1, 3, photo.Height, photo.Width]);
            model.Observe(input, (name, output) =>
            {
                var values = output.contiguous();
                if (values.dtype == torch.ScalarType.Int64)
                    Switches.Add(name, MemoryMarshal.Cast<byte, long>(values.bytes).ToArray());
                else
                    Outputs.Add(name, MemoryMarshal.Cast<byte, float>(values.bytes).ToArray());
            });
        }

        public DeconvNetOptions Options { get; }

        public WeightsInfo Info { get; }

        public long ParameterCount { get; }

        public Dictionary<string, float[]> Outputs { get; } = [];

        public Dictionary<string, long[]> Switches { get; } = [];
    }
}
