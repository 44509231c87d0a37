using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

/// <summary>A selection of images of a data set, in a given order.</summary>
internal sealed class DatasetPart : ISegmentationDataset
{
    private readonly ISegmentationDataset whole;
    private readonly int[] indices;
    private readonly Lazy<bool> hasLabels;

    public DatasetPart(ISegmentationDataset whole, IEnumerable<int> chosen)
    {
        // A part of a part refers to the whole directly, however deep the nesting.
        var part = whole as DatasetPart;
        this.whole = part?.whole ?? whole;
        indices = [.. chosen.Select(index => part?.indices[index] ?? index)];
        Ids = Array.AsReadOnly([.. indices.Select(index => this.whole.Ids[index])]);
        hasLabels = new(() => Array.Exists(indices, this.whole.HasLabelsOf));
    }

    public string Name => whole.Name;

    public IReadOnlyList<string> ClassNames => whole.ClassNames;

    public IReadOnlyList<Rgb> ClassColors => whole.ClassColors;

    public IReadOnlyList<string> Ids { get; }

    public int Count => indices.Length;

    public bool HasLabels => hasLabels.Value;

    public bool HasObjects => Array.Exists(indices, whole.HasObjectsOf);

    public ImageSize ImageSize(int index) => whole.ImageSize(At(index));

    public RgbImage LoadImage(int index) => whole.LoadImage(At(index));

    public bool HasLabelsOf(int index) => whole.HasLabelsOf(At(index));

    public LabelMap LoadLabels(int index) => whole.LoadLabels(At(index));

    public LabelMap? LoadInstances(int index) => whole.LoadInstances(At(index));

    public bool HasObjectsOf(int index) => whole.HasObjectsOf(At(index));

    public IReadOnlyList<AnnotatedObject> LoadObjects(int index) => whole.LoadObjects(At(index));

    public string Fingerprint(int index) => whole.Fingerprint(At(index));

    private int At(int index) => (uint)index < (uint)indices.Length
        ? indices[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"The data set has {indices.Length} images, counted from 0.");
}
