using DeconvNet.Engine;
using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

namespace DeconvNet.OnnxRuntime.Tests;

/// <summary>ONNX Runtime names the same pixels as libtorch.</summary>
[Collection(TorchTests.Name)]
public class AgreementTests
{
    // In the black borders of crops, rounding decides ties of pooling: in other photos up to 0.001 % of pixels were seen to differ.
    private const double MaxDifferent = 1e-5;

    [Theory]
    [InlineData("cat.jpg")]
    [InlineData("horse_person.jpg")]
    public void DeconvNet_names_the_pixels_that_libtorch_names(string photo)
    {
        using var torch = CompactWeights.DeconvNet.CreateSegmenter();
        using var onnx = CompactWeights.DeconvNet.CreateOnnxSegmenter();
        AssertAgree(torch, onnx, photo);
    }

    [Theory]
    [InlineData("cat.jpg")]
    [InlineData("horse_person.jpg")]
    public void Fcn8s_names_the_pixels_that_libtorch_names(string photo)
    {
        using var torch = CompactWeights.Fcn8s.CreateSegmenter();
        using var onnx = CompactWeights.Fcn8s.CreateOnnxSegmenter();
        AssertAgree(torch, onnx, photo);
    }

    private static void AssertAgree(ISegmenter torch, ISegmenter onnx, string photo)
    {
        var image = RgbImage.Load(Path.Combine(AppContext.BaseDirectory, "photos", photo));
        var expected = torch.Segment(image);
        var actual = onnx.Segment(image);
        var different = expected.Labels.Pixels.ToArray().Zip(actual.Labels.Pixels.ToArray()).Count(pair => pair.First != pair.Second);
        TestContext.Current.TestOutputHelper?.WriteLine($"{photo}: {different} pixels of {expected.Labels.Pixels.Length} differ; {expected.Timings} {actual.Timings}");
        Assert.True(expected.Classes.Count > 0);
        Assert.True(different <= MaxDifferent * expected.Labels.Pixels.Length, $"{different} pixels of {expected.Labels.Pixels.Length} differ.");
    }
}
