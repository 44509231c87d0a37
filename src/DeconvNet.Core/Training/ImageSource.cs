using System.Collections.Concurrent;
using DeconvNet.Datasets;
using DeconvNet.Imaging;

namespace DeconvNet.Training;

/// <summary>The photos and masks of a data set, decoded each time or kept once decoded. Thread-safe.</summary>
internal sealed class ImageSource(VocDataset data, bool keep)
{
    private readonly ConcurrentDictionary<int, RgbImage> images = new();
    private readonly ConcurrentDictionary<int, LabelMap> labels = new();

    public RgbImage Image(int index) => keep ? images.GetOrAdd(index, data.LoadImage) : data.LoadImage(index);

    public LabelMap Labels(int index) => keep ? labels.GetOrAdd(index, data.LoadLabels) : data.LoadLabels(index);

    public LabelMap? Instances(int index) => data.LoadInstances(index);
}
