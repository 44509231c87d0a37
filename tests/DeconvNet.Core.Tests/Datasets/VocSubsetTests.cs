using DeconvNet.Datasets;
using DeconvNet.Imaging;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Datasets;

/// <summary>The development subset of VOC 2012, where it is at hand.</summary>
public sealed class VocSubsetTests
{
    private static string Root => SharedData.Path("voc", "VOC2012");

    [Theory]
    [InlineData("train", 916)]
    [InlineData("trainaug_extra", 579)]
    [InlineData("trainaug_more", 2419)]
    [InlineData("val", 360)]
    [InlineData("train+trainaug_extra+trainaug_more", 3914)]
    public void An_image_set_has_as_many_images_as_its_list(string set, int count) =>
        Assert.Equal(count, new VocDataset(Root, set).Count);

    [Fact]
    public void The_mask_and_the_boxes_of_an_image_name_the_same_classes()
    {
        var data = new VocDataset(Root, "val");
        for (var i = 0; i < data.Count; i += 6)
        {
            var sample = data.Load(i);
            HashSet<int> inMask = [.. sample.Labels!.Pixels.ToArray().Distinct().Where(id => id is not 0 and not LabelMap.Void)];
            var boxed = sample.Objects.Select(thing => thing.ClassId).ToHashSet();
            var surely = sample.Objects.Where(thing => !thing.Difficult).Select(thing => thing.ClassId).ToHashSet();
            Assert.True(inMask.IsSubsetOf(boxed), $"{sample.Id}: the mask has {string.Join(',', inMask)}, the boxes {string.Join(',', boxed)}.");
            Assert.True(surely.IsSubsetOf(inMask), $"{sample.Id}: the boxes have {string.Join(',', surely)}, the mask {string.Join(',', inMask)}.");
        }
    }

    [Fact]
    public void All_annotations_fit_their_photos()
    {
        var data = new VocDataset(Root, "val");
        var objects = Enumerable.Range(0, data.Count).SelectMany(data.LoadObjects).ToList();
        Assert.Equal((866, 133), (objects.Count, objects.Count(thing => thing.Difficult)));
    }
}
