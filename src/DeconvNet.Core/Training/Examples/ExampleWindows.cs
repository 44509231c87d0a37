using DeconvNet.Imaging;
using DeconvNet.Proposals;
using DeconvNet.Training.Stages;

namespace DeconvNet.Training.Examples;

/// <summary>Lists the example windows of a stage.</summary>
internal static class ExampleWindows
{
    /// <summary>Stage 1: one window per annotated object that the stage includes.</summary>
    public static List<ExampleWindow> OfObjects(ImageSource images, TrainingStage stage, CancellationToken cancellationToken)
    {
        var windows = new List<ExampleWindow>();
        for (var image = 0; image < images.Data.Count; image++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (images.IsUnlabeled(image))
                continue;
            var objects = images.Objects(image);
            for (var i = 0; i < objects.Count; i++)
            {
                if (Math.Max(objects[i].Box.Width, objects[i].Box.Height) < stage.MinObjectSide || (objects[i].Difficult && !stage.IncludeDifficult))
                    continue;
                windows.Add(new ExampleWindow(image, objects[i].Box, objects[i].ClassId, i));
            }
        }

        return windows;
    }

    /// <summary>
    /// Whole images: one window per class in the mask of an image, or in the teacher's soft target if there is no mask, or one of class 0 if there are none.
    /// </summary>
    public static List<ExampleWindow> OfImages(ImageSource images, CancellationToken cancellationToken)
    {
        var windows = new ExampleWindow[images.Data.Count][];
        Parallel.For(0, images.Data.Count, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, image =>
        {
            var map = images.Labels(image);
            var box = new PixelBox(0, 0, map.Width, map.Height);
            var classes = new bool[256];
            foreach (var label in map.Pixels)
                classes[label] = true;
            foreach (var seen in images.IsUnlabeled(image) ? images.SoftTarget(image)!.Classes() : [])
                classes[seen] = true;
            int[] shown = [.. Enumerable.Range(1, LabelMap.Void - 1).Where(id => classes[id])];
            windows[image] = [.. (shown.Length == 0 ? [0] : shown).Select(id => new ExampleWindow(image, box, id, -1))];
        });
        return [.. windows.SelectMany(each => each)];
    }

    /// <summary>
    /// Stage 2: the proposals that overlap an object enough, with the class of the object that they overlap most,
    /// and all proposals plus the whole image for <see cref="TrainingStage.AnyProposalFraction"/>.
    /// </summary>
    public static (List<ExampleWindow> Overlapping, ExampleWindow[] Any) OfProposals(
        ImageSource images, IReadOnlyList<IReadOnlyList<Proposal>> proposals, double minimumIoU, CancellationToken cancellationToken)
    {
        var overlapping = new List<ExampleWindow>();
        var any = new List<ExampleWindow>();
        for (var image = 0; image < images.Data.Count; image++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var objects = images.Objects(image);
            var (width, height) = images.Data.ImageSize(image);
            foreach (var box in proposals[image].Select(proposal => proposal.Box).Prepend(new PixelBox(0, 0, width, height)))
            {
                any.Add(new ExampleWindow(image, box, 0, -1));
                if (objects.Count == 0)
                    continue;
                var best = objects.MaxBy(candidate => candidate.Box.IoU(box))!;
                if (best.Box.IoU(box) >= minimumIoU)
                    overlapping.Add(new ExampleWindow(image, box, best.ClassId, -1));
            }
        }

        return (overlapping, [.. any]);
    }
}
