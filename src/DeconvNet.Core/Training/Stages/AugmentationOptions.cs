namespace DeconvNet.Training.Stages;

/// <summary>
/// Random changes of examples beside the scale and mirror of <see cref="TrainingStage"/>, which make a small set go further. Every change is a function of seed, stage and place, like the examples
/// themselves. Immutable; checked when a trainer is made. Default: none.
/// </summary>
public sealed record AugmentationOptions
{
    /// <summary>What suits photos of a small set: colors as under other light, slight turns, some blur.</summary>
    public static AugmentationOptions Photos { get; } = new() { Brightness = 0.3, Contrast = 0.3, Saturation = 0.3, Hue = 0.03, Rotation = 10, Blur = 1 };

    /// <summary>Colors are multiplied by a factor from 1 − this to 1 + this, 0 … 1.</summary>
    public double Brightness { get; init; }

    /// <summary>The distances of colors from the mean gray are multiplied by a factor from 1 − this to 1 + this, 0 … 1.</summary>
    public double Contrast { get; init; }

    /// <summary>The distance of each color from its gray is multiplied by a factor from 1 − this to 1 + this, 0 … 1.</summary>
    public double Saturation { get; init; }

    /// <summary>Hues are turned by up to this part of the color circle, either way, 0 … 0.5.</summary>
    public double Hue { get; init; }

    /// <summary>Every other example is blurred by a Gaussian of a standard deviation up to this, in pixels of the network's input, 0 … 10.</summary>
    public double Blur { get; init; }

    /// <summary>Examples are turned around their center by up to this many degrees, either way, 0 … 180; what comes from outside is black and void.</summary>
    public double Rotation { get; init; }

    /// <summary>Whether every other example is upside down, for pictures without an up such as those from the air. Default false.</summary>
    public bool FlipVertical { get; init; }

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    /// <summary>Whether pixels change their places, as those of soft targets cannot.</summary>
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
