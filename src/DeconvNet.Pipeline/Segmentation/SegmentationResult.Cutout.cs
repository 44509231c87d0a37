using DeconvNet.Imaging;
using DeconvNet.Imaging.Masks;

namespace DeconvNet.Segmentation;

public sealed partial class SegmentationResult
{
    /// <summary>Cuts out the named classes: the photo with everything else transparent. The alpha channel is <see cref="Matte"/>.</summary>
    /// <param name="names">Class names.</param>
    /// <exception cref="ArgumentException">No class is named, or a class does not exist.</exception>
    public RgbaImage Cutout(params ReadOnlySpan<string> names)
    {
        var matte = Matte(names);
        var pixels = new byte[4 * matte.Values.Length];
        for (var i = 0; i < matte.Values.Length; i++)
        {
            Photo.Pixels.Slice(3 * i, 3).CopyTo(pixels.AsSpan(4 * i));
            pixels[(4 * i) + 3] = (byte)Math.Round(255 * matte.Values[i]);
        }

        return new RgbaImage(Photo.Width, Photo.Height, pixels);
    }

    /// <summary>Blurs everything except the named classes.</summary>
    /// <param name="radius">Standard deviation of the blur in pixels, above 0.</param>
    /// <param name="names">Class names.</param>
    /// <exception cref="ArgumentOutOfRangeException">The radius is out of range.</exception>
    /// <exception cref="ArgumentException">No class is named, or a class does not exist.</exception>
    public RgbImage BlurBackground(double radius, params ReadOnlySpan<string> names) => Blend(Photo.Blurred(radius), Matte(names));

    /// <summary>Puts the named classes in front of another picture.</summary>
    /// <param name="background">The new background, resized to the photo.</param>
    /// <param name="names">Class names.</param>
    /// <exception cref="ArgumentException">No class is named, or a class does not exist.</exception>
    public RgbImage ReplaceBackground(RgbImage background, params ReadOnlySpan<string> names)
    {
        ArgumentNullException.ThrowIfNull(background);
        return Blend(background.Size == Photo.Size ? background : background.ResizeAntialiased(Photo.Width, Photo.Height), Matte(names));
    }

    /// <summary>Puts the named classes in front of a solid color.</summary>
    /// <param name="background">The color.</param>
    /// <param name="names">Class names.</param>
    /// <exception cref="ArgumentException">No class is named, or a class does not exist.</exception>
    public RgbImage ReplaceBackground(Rgb background, params ReadOnlySpan<string> names)
    {
        var plain = new byte[Photo.Pixels.Length];
        for (var i = 0; i < plain.Length; i += 3)
            (plain[i], plain[i + 1], plain[i + 2]) = (background.R, background.G, background.B);
        return Blend(new RgbImage(Photo.Width, Photo.Height, plain), Matte(names));
    }

    /// <summary>
    /// The alpha matte of the named classes: how much of each pixel belongs to them, 0 … 1. Edges are soft, according to the probability of the named classes relative to the best other class,
    /// or to the neighbors' labels if scores were not kept. 0 away from the labels of the classes.
    /// </summary>
    /// <param name="names">Class names.</param>
    /// <exception cref="ArgumentException">No class is named, or a class does not exist.</exception>
    public ProbabilityMap Matte(params ReadOnlySpan<string> names)
    {
        var mask = Mask(names);
        return new ProbabilityMap(mask.Width, mask.Height, Scores is null ? EdgeSoftening.ByNeighbors(mask) : EdgeSoftening.ByProbabilities(mask, Probabilities, Asked(names)));
    }

    private RgbImage Blend(RgbImage background, ProbabilityMap matte)
    {
        var pixels = new byte[Photo.Pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)Math.Round(background.Pixels[i] + ((Photo.Pixels[i] - background.Pixels[i]) * matte.Values[i / 3]));
        return new RgbImage(Photo.Width, Photo.Height, pixels);
    }
}
