using DeconvNet.Imaging;

namespace DeconvNet.Evaluation;

/// <summary>What one method did on one image.</summary>
/// <param name="Id">Id of the image.</param>
/// <param name="Confusion">The counts of its pixels; empty where the image has no mask.</param>
/// <param name="Time">Time of the segmentation.</param>
internal sealed record ImageScore(string Id, ConfusionMatrix Confusion, TimeSpan Time)
{
    public static ImageScore Of(string id, LabelMap prediction, LabelMap? truth, int classes, TimeSpan time)
    {
        var confusion = new ConfusionMatrix(classes);
        if (truth is not null)
            confusion.Add(prediction, truth);
        return new ImageScore(id, confusion, time);
    }
}
