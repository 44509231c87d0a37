using DeconvNet.Imaging;
using DeconvNet.Training.Stages;

namespace DeconvNet.Training.Examples;

/// <summary>The random parameters of an example's augmentation, all drawn at once so that later draws do not depend on which are used.</summary>
internal readonly struct Augmentation
{
    private readonly double brightness;
    private readonly double contrast;
    private readonly double saturation;
    private readonly double hue;
    private readonly double blur;
    private readonly double radians;
    private readonly bool isUpsideDown;

    public Augmentation(AugmentationOptions options, ref ExampleRandom random)
    {
        brightness = 1 + Either(options.Brightness, ref random);
        contrast = 1 + Either(options.Contrast, ref random);
        saturation = 1 + Either(options.Saturation, ref random);
        hue = Either(options.Hue, ref random);
        radians = Either(options.Rotation, ref random) * Math.PI / 180;
        blur = options.Blur > 0 && (random.Next() & 1) == 1 ? options.Blur * (1 - random.NextDouble()) : 0;
        isUpsideDown = options.FlipVertical && (random.Next() & 1) == 1;
    }

    public (RgbImage Image, LabelMap Labels) Apply(RgbImage image, LabelMap labels)
    {
        if (isUpsideDown)
            (image, labels) = Turning.UpsideDown(image, labels);
        if (radians != 0)
            (image, labels) = Turning.Around(image, labels, radians);
        if (brightness != 1 || contrast != 1 || saturation != 1 || hue != 0)
            image = ColorChange.Apply(image, brightness, contrast, saturation, hue);
        return (blur > 0 ? image.Blurred(blur) : image, labels);
    }

    /// <summary>Uniform in [−reach, reach]; nothing is drawn if reach is 0, so that the options do not affect other draws.</summary>
    private static double Either(double reach, ref ExampleRandom random) => reach == 0 ? 0 : reach * ((2 * random.NextDouble()) - 1);
}
