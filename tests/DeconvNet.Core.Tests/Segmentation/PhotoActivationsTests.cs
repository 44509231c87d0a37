using System.Runtime.InteropServices;
using DeconvNet.Architecture;
using DeconvNet.Engine;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Segmentation;
using DeconvNet.Tests.Support;
using TorchSharp;

namespace DeconvNet.Tests.Segmentation;

/// <summary>Layers by name, for a photo.</summary>
[Collection(TorchTests.Name)]
public sealed class PhotoActivationsTests
{
    [Fact]
    public void A_square_photo_gives_what_the_segmenter_s_network_computes_for_it()
    {
        using var model = new DeconvNetModel(new DeconvNetOptions { Width = 2, FcChannels = 4, InputSize = 32, ClassCount = 3 });
        model.eval();
        var photo = Photos.Noise(48, 48, seed: 3);
        using var segmenter = model.CreateSegmenter(ProposalSegmenterOptions.Default with { MaxProposals = 1, ContextFactor = 1, MinRegionConfidence = 0 });
        using var seen = model.Observe(photo, "pool5", "fc7", "seg-score-voc");
        Assert.Equal(["pool5", "fc7", "seg-score-voc"], seen.Keys);
        Assert.Equal([1L, 16, 1, 1], seen["pool5"].shape);

        // The photo has another size than the crop, so that scores are resized; those of the labels' winners agree where the map is the network's own.
        var same = photo.Crop(new PixelBox(0, 0, 32, 32));
        using var ofSame = model.Observe(same, "seg-score-voc");
        var scores = segmenter.Segment(same, cancellationToken: TestContext.Current.CancellationToken).Scores!;
        var logits = MemoryMarshal.Cast<byte, float>(ofSame["seg-score-voc"].contiguous().bytes);
        Assert.Equal(scores.Values.Length, logits.Length);
        for (var i = 0; i < logits.Length; i++)
            Assert.Equal(scores.Values[i], logits[i], 1e-4f);
    }

    [Fact]
    public void A_network_of_any_size_sees_the_photo_as_it_is_and_all_layers_come_unless_named()
    {
        using var model = new FcnModel(new FcnOptions { Width = 2, FcChannels = 4, ClassCount = 3 });
        model.eval();
        using var seen = model.Observe(Photos.Noise(64, 32, seed: 3));
        Assert.Equal((1L, 2L), (seen["conv1_2"].shape[0], seen["conv1_2"].shape[1]));
        Assert.Contains("fc7", seen.Keys);
        Assert.Throws<ArgumentException>(() => model.Observe(Photos.Noise(64, 32, seed: 3), "conv9"));
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        using var model = new DeconvNetModel(new DeconvNetOptions { Width = 2, FcChannels = 4, InputSize = 32, ClassCount = 3 });
        model.Observe(Photos.Noise(40, 30, seed: 3)).Dispose();
        var before = LiveTensors.CountSettled();
        model.Observe(Photos.Noise(40, 30, seed: 3)).Dispose();
        Assert.Equal(before, torch.Tensor.TotalCount);
    }
}
