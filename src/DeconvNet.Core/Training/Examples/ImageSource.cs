using System.Collections.Concurrent;
using DeconvNet.Datasets;
using DeconvNet.Imaging;
using DeconvNet.Training.Distillation;

namespace DeconvNet.Training.Examples;

/// <summary>
/// The photos and annotations of a data set, optionally cached. Photos with a soft target may lack mask and
/// annotation. Thread-safe.
/// </summary>
internal sealed class ImageSource(ISegmentationDataset data, bool keep, SoftTargets? softTargets = null)
{
    private readonly ConcurrentDictionary<int, RgbImage> images = new();
    private readonly ConcurrentDictionary<int, LabelMap> labels = new();

    public ISegmentationDataset Data => data;

    public RgbImage Image(int index) => keep ? images.GetOrAdd(index, data.LoadImage) : data.LoadImage(index);

    /// <summary>The class mask; all void if the photo has only a soft target.</summary>
    public LabelMap Labels(int index) => keep ? labels.GetOrAdd(index, LoadLabels) : LoadLabels(index);

    public LabelMap? Instances(int index) => data.LoadInstances(index);

    /// <summary>The annotated objects; none if the photo has only a soft target.</summary>
    public IReadOnlyList<AnnotatedObject> Objects(int index) => HasTeacher(index) && !data.HasObjectsOf(index) ? [] : data.LoadObjects(index);

    /// <summary>Whether the photo has only a soft target.</summary>
    public bool IsUnlabeled(int index) => HasTeacher(index) && !data.HasLabelsOf(index);

    /// <summary>The soft target of the photo; <see langword="null"/> if there is none.</summary>
    public SoftTarget? SoftTarget(int index) => softTargets?.Find(data.Ids[index], data.ImageSize(index));

    private bool HasTeacher(int index) => softTargets?.Contains(data.Ids[index]) == true;

    private LabelMap LoadLabels(int index)
    {
        if (!IsUnlabeled(index))
            return data.LoadLabels(index);
        var size = data.ImageSize(index);
        var unknown = new byte[size.Width * size.Height];
        unknown.AsSpan().Fill(LabelMap.Void);
        return new LabelMap(size.Width, size.Height, unknown);
    }
}
