using System.Security.Cryptography;
using DeconvNet.Architecture;
using DeconvNet.Datasets;
using DeconvNet.Engine;
using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Tests.Support;
using DeconvNet.Weights;

namespace DeconvNet.Tests.Weights;

[Collection(TorchTests.Name)]
public class CompactWeightsTests
{
    [Fact]
    public void The_default_weights_are_those_of_the_compact_network_with_vocs_classes()
    {
        using var model = CompactWeights.DeconvNet.LoadModel();

        Assert.Equal(DeconvNetOptions.Compact, model.Options);
        Assert.Equal(VocClasses.Names, model.ClassNames);
        Assert.False(model.training);
        Assert.False(string.IsNullOrEmpty(model.Info.License));
        Assert.False(string.IsNullOrEmpty(model.Info.Recipe));
    }

    [Fact]
    public void What_the_file_says_of_itself_can_be_computed_again()
    {
        using var folder = new TemporaryFolder();
        using (var resource = typeof(CompactWeights).Assembly.GetManifestResourceStream("compact.safetensors")!)
        using (var copy = File.Create(folder["copy.safetensors"]))
            resource.CopyTo(copy);
        var bytes = File.ReadAllBytes(folder["copy.safetensors"]);
        using var model = CompactWeights.DeconvNet.LoadModel();
        var contents = CompactWeights.DeconvNet.Contents;

        Assert.Equal(bytes.Length, contents.FileSize);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), WeightsContents.ComputeSha256(folder["copy.safetensors"]));
        Assert.Equal((model.parameters().Sum(parameter => parameter.numel()), model.Summary().MultiplyAdds), (contents.Summary!.ParameterCount, contents.Summary.MultiplyAdds));
        Assert.Equal(model.Options, contents.DeconvNetOptions);
        Assert.Equal(VocClasses.Names, contents.ClassNames);
        Assert.Equal((21, new Rgb(64, 0, 0)), (contents.Palette.Count, contents.Palette[8]));
        Assert.Equal(contents.Tensors.Sum(tensor => tensor.Count), WeightSlot.Of(model.Layers).Sum(slot => model.TensorOf(slot).numel()));
        Assert.Equal("deconvnet-compact-3", contents.Info.Id);
        Assert.Equal((360, 0.5385, 0.8796), Figures(contents.Info.Metrics["voc2012-val"]));
        Assert.Equal((241, 0.491, 0.867), Figures(contents.Info.Metrics["voc2012-trainaug-held-out"]));
        Assert.Null(contents.Refusal);
    }

    [Fact]
    public void The_small_fcn_is_of_the_same_family_and_says_where_it_comes_from()
    {
        using var model = CompactWeights.Fcn8s.LoadModel();
        var contents = CompactWeights.Fcn8s.Contents;

        Assert.Equal(FcnOptions.Compact, model.Options);
        Assert.Equal(VocClasses.Names, model.ClassNames);
        Assert.False(model.training);
        Assert.Equal("fcn8s-compact-3", contents.Info.Id);
        Assert.False(string.IsNullOrEmpty(contents.Info.Recipe));
        Assert.Equal((360, 0.5070, 0.8649), Figures(contents.Info.Metrics["voc2012-val"]));
        Assert.Equal((241, 0.445, 0.849), Figures(contents.Info.Metrics["voc2012-trainaug-held-out"]));
        Assert.InRange(contents.FileSize, 1, 20 << 20);
    }

    [Theory]
    [InlineData("chelsea_cat.png", "cat")]
    [InlineData("cat.jpg", "cat")]
    [InlineData("astronaut_person.jpg", "person")]
    [InlineData("horse_person.jpg", "horse")]
    public void Most_foreground_pixels_of_a_photo_have_the_class_that_it_shows(string photo, string name)
    {
        using var segmenter = CompactWeights.DeconvNet.CreateSegmenter();

        ShowsMostly(name, segmenter, photo);
    }

    [Theory]
    [InlineData("chelsea_cat.png", "cat")]
    [InlineData("horse_person.jpg", "horse")]
    public void The_small_fcn_and_the_ensemble_with_crf_find_them_too(string photo, string name)
    {
        using var deconvNet = CompactWeights.DeconvNet.CreateSegmenter();
        using var fcn = CompactWeights.Fcn8s.CreateSegmenter();
        using var ensemble = new EnsembleSegmenter([deconvNet, fcn]);
        using var refined = ensemble.WithCrf();

        ShowsMostly(name, fcn, photo);
        ShowsMostly(name, refined, photo);
    }

    private static (int ImageCount, double MeanIoU, double PixelAccuracy) Figures(MeasuredAccuracy accuracy) =>
        (accuracy.ImageCount, Math.Round(accuracy.MeanIoU, 4), Math.Round(accuracy.PixelAccuracy!.Value, 4));

    private static void ShowsMostly(string name, ISegmenter segmenter, string photo)
    {
        var result = segmenter.Segment(Path.Combine(AppContext.BaseDirectory, "photos", photo), cancellationToken: TestContext.Current.CancellationToken);

        var foreground = result.Classes.Sum(entry => entry.Fraction);
        var right = result.Classes.Where(entry => entry.Name == name).Sum(entry => entry.Fraction);
        Assert.True(foreground > 0.05, $"Only {foreground:P1} of the photo is foreground.");
        Assert.True(right > foreground / 2, string.Join(", ", result.Classes.Select(entry => $"{entry.Name} {entry.Fraction:P1}")));
    }
}
