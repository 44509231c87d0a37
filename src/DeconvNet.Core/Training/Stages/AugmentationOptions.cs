namespace DeconvNet.Training.Stages;

/// <summary>
/// Data augmentation in addition to the scale jitter and mirroring of <see cref="TrainingStage"/>. It depends only on seed, stage and position, like the examples
/// themselves. Immutable; validated when a trainer is created. Default: none.
/// </summary>
public sealed record AugmentationOptions
{
    /// <summary>Suitable for small sets of photos: color jitter, slight rotation, some blur.</summary>
    public static AugmentationOptions Photos { get; } = new() { Brightness = 0.3, Contrast = 0.3, Saturation = 0.3, Hue = 0.03, Rotation = 10, Blur = 1 };

    /// <summary>Brightness jitter: colors are multiplied by a factor from 1 − this to 1 + this; 0 … 1.</summary>
    public double Brightness { get; init; }

    /// <summary>Contrast jitter: the distances of colors from the mean gray are multiplied by a factor from 1 − this to 1 + this; 0 … 1.</summary>
    public double Contrast { get; init; }

    /// <summary>Saturation jitter: the distance of each color from its gray is multiplied by a factor from 1 − this to 1 + this; 0 … 1.</summary>
    public double Saturation { get; init; }

    /// <summary>Hue jitter: maximum rotation of the hue in either direction, as a fraction of the color circle, 0 … 0.5.</summary>
    public double Hue { get; init; }

    /// <summary>Maximum standard deviation of a Gaussian blur, which is applied to half of the examples, in pixels of the network input, 0 … 10.</summary>
    public double Blur { get; init; }

    /// <summary>Maximum rotation around the center in degrees, in either direction, 0 … 180; pixels from outside are black and void.</summary>
    public double Rotation { get; init; }

    /// <summary>Whether half of the examples are flipped vertically, for images without a preferred orientation such as aerial ones. Default false.</summary>
    public bool FlipVertical { get; init; }

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    /// <summary>Whether pixels are moved, which is not supported for soft targets.</summary>
    internal bool MovesPixels => Rotation > 0 || FlipVertical;

    internal void Validate()
    {
        OptionValue.Require(Brightness is >= 0 and <= 1, this, Brightness, "0 to 1");
        OptionValue.Require(Contrast is >= 0 and <= 1, this, Contrast, "0 to 1");
        OptionValue.Require(Saturation is >= 0 and <= 1, this, Saturation, "0 to 1");
        OptionValue.Require(Hue is >= 0 and <= 0.5, this, Hue, "0 to 0.5");
        OptionValue.Require(Blur is >= 0 and <= 10, this, Blur, "0 to 10");
        OptionValue.Require(Rotation is >= 0 and <= 180, this, Rotation, "0 to 180");
    }
}
