using DeconvNet.Imaging;
using DeconvNet.Training.Distillation;
using DeconvNet.Training.Stages;

namespace DeconvNet.Training.Examples;

/// <summary>
/// Places a photo on a square canvas with random scale, position and mirroring. Outside the photo, the input is 0 after mean subtraction, like the authors'
/// padding for FCN, and the labels are void.
/// </summary>
internal sealed class WholeImageMaker(ImageSource source, TrainingStage stage, int inputSize, Preprocessing preprocessing) : IExampleMaker
{
    public void Make(ExampleWindow window, ref ExampleRandom random, Span<float> planes, Span<byte> labels, Span<float> soft)
    {
        var scale = Math.Pow(stage.ScaleJitter, (2 * random.NextDouble()) - 1);
        var mirror = stage.Mirror && (random.Next() & 1) == 1;
        var image = source.Image(window.Image);
        scale *= (double)inputSize / Math.Max(image.Width, image.Height);
        var photo = image.Size;
        var (width, height) = (Scaled(photo.Width), Scaled(photo.Height));
        var (left, top) = (Place(width, ref random), Place(height, ref random));

        var changes = new Augmentation(stage.Augmentation, ref random);

        image = stage.Antialias ? image.ResizeAntialiased(width, height) : image.ResizeBilinear(width, height);
        var map = source.Labels(window.Image).ResizeNearest(width, height);
        if (mirror)
            (image, map) = (image.FlipHorizontal(), map.FlipHorizontal());
        (image, map) = changes.Apply(image, map);

        var canvas = new PixelBox(left, top, left + inputSize, top + inputSize);
        map.Crop(canvas).Pixels.CopyTo(labels);
        preprocessing.Apply(image.Crop(canvas).Pixels, planes);
        ClearOutside(planes, canvas, image.Bounds);
        if (!soft.IsEmpty && source.SoftTarget(window.Image) is { } target && stage.AsksTeacher(source.IsUnlabeled(window.Image)))
        {
            var (stepX, stepY) = ((double)photo.Width / width, (double)photo.Height / height);
            var view = new PhotoView(mirror ? (width - left - 0.5) * stepX : (left + 0.5) * stepX, mirror ? -stepX : stepX, (top + 0.5) * stepY, stepY);
            target.Sample(view, photo, inputSize, soft);
        }

        int Scaled(int side) => Math.Max(1, (int)Math.Round(side * scale));
    }

    /// <summary>Offset of the canvas in the photo: inside a larger photo, around a smaller one.</summary>
    private int Place(int side, ref ExampleRandom random)
    {
        var slack = side - inputSize;
        var shift = random.NextInt(Math.Abs(slack) + 1);
        return slack > 0 ? shift : -shift;
    }

    private void ClearOutside(Span<float> planes, PixelBox canvas, PixelBox photo)
    {
        var inside = canvas.Intersect(photo);
        var (x0, x1) = (inside.X0 - canvas.X0, inside.X1 - canvas.X0);
        for (var row = 0; row < 3 * inputSize; row++)
        {
            var line = planes.Slice(row * inputSize, inputSize);
            var y = canvas.Y0 + (row % inputSize);
            if (y < inside.Y0 || y >= inside.Y1)
            {
                line.Clear();
                continue;
            }

            line[..x0].Clear();
            line[x1..].Clear();
        }
    }
}
