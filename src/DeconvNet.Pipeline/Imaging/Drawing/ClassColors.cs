namespace DeconvNet.Imaging.Drawing;

/// <summary>
/// Default display colors of classes. Label map files use <see cref="VocPalette"/> instead, whose gray car and pale person are hard to see on a photo.
/// </summary>
public static class ClassColors
{
    // Far apart in OKLab, saturated, and assigned to VOC's classes so that classes that occur together differ, and none looks like its usual surroundings.
    private static readonly Rgb[] Base =
    [
        new(224, 128, 0), new(160, 224, 0), new(255, 0, 192), new(255, 224, 96), new(0, 255, 192),
        new(0, 64, 255), new(224, 0, 255), new(255, 64, 64), new(96, 128, 0), new(0, 128, 192),
        new(255, 128, 192), new(128, 0, 255), new(192, 0, 128), new(0, 255, 0), new(64, 224, 255),
        new(160, 128, 224), new(160, 32, 192), new(32, 192, 160), new(160, 64, 96), new(32, 192, 64),
    ];

    /// <summary>The color of a class: 20 distinct colors, then lighter and darker shades of them; black for background, light gray for void.</summary>
    /// <param name="id">The class id.</param>
    public static Rgb Color(byte id)
    {
        if (id is 0 or LabelMap.Void)
            return id == 0 ? default : new Rgb(224, 224, 212);

        var (round, place) = Math.DivRem(id - 1, Base.Length);
        var color = Base[place];
        if (round == 0)
            return color;

        var (target, amount) = (round % 2 == 1 ? 255 : 0, 0.3 + (0.04 * round));
        return new Rgb(Shade(color.R), Shade(color.G), Shade(color.B));

        byte Shade(byte value) => (byte)Math.Round(value + ((target - value) * amount));
    }
}
